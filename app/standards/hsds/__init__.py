"""The directory in the words of HSDS 3.2, the Human Services Data Specification of Open Referral.

A projection: nothing here is stored. Service, organization, phone, location link and term have the ids of our rows;
what HSDS splits further gets an id derived from them. https://docs.openreferral.org
"""

HSDS_VERSION = "3.2"
BASE = "/hsds/v3"

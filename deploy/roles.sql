-- Roles of the database, run once by psql as a superuser in the database of the directory (compose.yaml does so):
-- migrating owns the tables, writing changes records, reading answers callers. Passwords come from the environment.

\set ON_ERROR_STOP on
\getenv migrator_password MIGRATOR_PASSWORD
\getenv writer_password WRITER_PASSWORD
\getenv reader_password READER_PASSWORD

CREATE ROLE stodkatalog_migrator LOGIN PASSWORD :'migrator_password';
CREATE ROLE stodkatalog_writer LOGIN PASSWORD :'writer_password';
CREATE ROLE stodkatalog_reader LOGIN PASSWORD :'reader_password';
ALTER ROLE stodkatalog_reader SET default_transaction_read_only = on;

REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"DBNAME" TO stodkatalog_migrator, stodkatalog_writer, stodkatalog_reader;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO stodkatalog_migrator;
GRANT USAGE ON SCHEMA public TO stodkatalog_writer, stodkatalog_reader;

-- What the migrations make from now on.
ALTER DEFAULT PRIVILEGES FOR ROLE stodkatalog_migrator IN SCHEMA public
    GRANT SELECT ON TABLES TO stodkatalog_writer, stodkatalog_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE stodkatalog_migrator IN SCHEMA public
    GRANT INSERT, UPDATE, DELETE ON TABLES TO stodkatalog_writer;
ALTER DEFAULT PRIVILEGES FOR ROLE stodkatalog_migrator IN SCHEMA public
    GRANT USAGE ON SEQUENCES TO stodkatalog_writer;
ALTER DEFAULT PRIVILEGES FOR ROLE stodkatalog_migrator IN SCHEMA public
    GRANT SELECT ON SEQUENCES TO stodkatalog_writer, stodkatalog_reader;  -- pg_dump reads them

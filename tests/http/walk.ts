// Somebody's program over the generated client: it turns all the pages of all lists, and prints how many items each has.
import { client } from "./client/client.gen";
import * as api from "./client";
import type { Hotline, Link, Meta, PageLinks } from "./client";

declare const process: { argv: string[] };

type Page<Item> = { items: Array<Item>; _links: PageLinks; _meta: Meta };
type List<Item> = (options: { query: { limit: number; offset: number }; throwOnError: true }) => Promise<{ data: Page<Item> }>;

async function collect<Item>(list: List<Item>): Promise<Array<Item>> {
  const items: Array<Item> = [];
  let next: Link | undefined;
  do {
    const { data } = await list({ query: { limit: 60, offset: items.length }, throwOnError: true });
    items.push(...data.items);
    next = data._links.next;
  } while (next);
  return items;
}

async function main(): Promise<void> {
  client.setConfig({ baseUrl: process.argv[2] ?? "" });
  const hotlines: Array<Hotline> = await collect(api.listHotlines);
  const first = await api.getHotline({ path: { id: hotlines[0]?.id ?? "" }, throwOnError: true });
  const same: Hotline = first.data;
  const number: string | null | undefined = same.contact_points[0]?.value;
  const counts = {
    "/hotlines": hotlines.length,
    "/coordinators": (await collect(api.listCoordinators)).length,
    "/support-services": (await collect(api.listSupportServices)).length,
    "/opening-hours": (await collect(api.listOpeningHours)).length,
    "/courses": (await collect(api.listCourses)).length,
    "/programs": (await collect(api.listPrograms)).length,
    "/publications": (await collect(api.listPublications)).length,
    "/events": (await collect(api.listEvents)).length,
    "/organizations": (await collect(api.listOrganizations)).length,
    "/resources": (await collect(api.listResources)).length,
    "/coordination-regions": (await collect(api.listCoordinationRegions)).length,
    "/counties": (await collect(api.listCounties)).length,
    "/municipalities": (await collect(api.listMunicipalities)).length,
    "/audiences": (await collect(api.listAudiences)).length,
    "/topics": (await collect(api.listTopics)).length,
    "/sources": (await collect(api.listSources)).length,
    "/exports": (await collect(api.listExports)).length,
    "/search": (await collect(api.search)).length,
  };
  console.log(JSON.stringify({ number, counts }));
}

void main();

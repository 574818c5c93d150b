// 50 made-up servers of 40 tools each: five actions on each of eight things. Servers name and describe their tools in ways of their own.
// Also 200 tasks in other words than the descriptions have, each with the one tool that it needs.

const services = {
  github: 'repository issue pull_request branch commit release workflow_run discussion',
  gitlab: 'project merge_request pipeline job runner snippet milestone environment',
  jira: 'ticket epic sprint board worklog component version filter',
  linear: 'cycle team label roadmap initiative triage_item project_update favorite',
  slack: 'message channel reaction reminder user_group canvas bookmark workspace_invite',
  discord: 'guild role emoji webhook thread voice_channel sticker ban',
  gmail: 'email draft mail_label attachment mail_filter signature vacation_reply alias',
  outlook: 'mail_folder calendar_event contact meeting_room task_list mail_rule category distribution_list',
  notion: 'page database block comment property template view workspace_member',
  confluence: 'space article whiteboard blog_post macro restriction content_template watcher',
  stripe: 'payment refund invoice subscription coupon payout dispute tax_rate',
  paypal: 'checkout_order capture billing_agreement payee transfer web_profile balance_statement currency_exchange',
  shopify: 'product collection discount_code fulfillment gift_card inventory_level storefront abandoned_cart',
  salesforce: 'lead opportunity account campaign sales_contract quote territory forecast',
  hubspot: 'deal company form landing_page marketing_email list_segment sales_call pipeline_stage',
  zendesk: 'support_request macro_reply satisfaction_rating organization help_article sla_policy trigger ticket_field',
  intercom: 'conversation visitor news_item tour segment away_message data_event admin_note',
  twilio: 'sms phone_number call_recording voicemail conference verification_code fax messaging_service',
  sendgrid: 'mailing contact_list suppression sender_identity unsubscribe_group bounce mail_statistic ip_pool',
  aws_s3: 'bucket object object_version lifecycle_rule bucket_policy multipart_upload access_point replication_rule',
  aws_ec2: 'instance security_group volume snapshot key_pair elastic_ip launch_template machine_image',
  aws_lambda: 'lambda_function layer event_source_mapping function_alias concurrency_setting function_url code_signing invocation_log',
  cloudflare: 'dns_record zone firewall_rule worker_script page_rule certificate cache_purge load_balancer',
  kubernetes: 'pod deployment service_endpoint config_map secret namespace_quota cron_job ingress',
  docker: 'container image network docker_volume compose_stack build_cache registry_tag swarm_node',
  terraform: 'terraform_workspace plan state_version variable_set provider policy_check module cost_estimate',
  datadog: 'monitor dashboard metric log_index synthetic_test incident downtime service_level_objective',
  sentry: 'error_event crash_issue alert_rule release_health source_map performance_span user_feedback dsn_key',
  grafana: 'panel data_source annotation folder_permission alert_notifier playlist library_panel service_account',
  pagerduty: 'on_call_schedule escalation_policy page_incident responder maintenance_window postmortem business_service override',
  postgres: 'table index_definition schema query_plan stored_procedure database_role extension replication_slot',
  mongodb: 'document mongo_collection aggregation change_stream shard atlas_cluster search_index backup',
  redis: 'cache_key sorted_set stream_group pubsub_channel lua_script hash_field memory_report acl_user',
  elasticsearch: 'search_document index_template ingest_pipeline snapshot_repository index_alias analyzer data_stream watcher_alert',
  bigquery: 'dataset warehouse_table query_job materialized_view routine reservation data_transfer table_snapshot',
  snowflake: 'warehouse stage data_share snowpipe stream_object masking_policy task_graph resource_monitor',
  google_drive: 'file folder shared_drive permission revision drive_comment shortcut access_request',
  dropbox: 'shared_link file_request paper_doc team_folder file_version namespace watermark device_session',
  google_calendar: 'appointment calendar attendee free_slot working_location event_reminder conference_link calendar_color',
  zoom: 'meeting webinar recording participant poll breakout_room transcript zoom_phone',
  figma: 'design_file design_component style prototype frame design_comment design_branch variable',
  airtable: 'base record airtable_field airtable_view automation interface_page sync_source record_comment',
  asana: 'portfolio goal section dependency time_entry status_update custom_field asana_task',
  trello: 'card checklist trello_list power_up member_invite card_label butler_rule card_sticker',
  quickbooks: 'bill vendor expense journal_entry purchase_order estimate time_activity ledger_account',
  xero: 'bank_transaction credit_note payslip fixed_asset tracking_category manual_journal bank_feed contact_group',
  workday: 'employee time_off position compensation performance_review job_requisition benefit_plan payroll_run',
  okta: 'identity_user app_assignment sign_on_policy mfa_factor identity_group session_token event_hook trusted_origin',
  maps: 'route place geocode travel_time elevation street_view_image saved_place traffic_report',
  weather: 'forecast_report weather_alert air_quality climate_normal radar_image station pollen_count tide_table',
};

const actions = ['list', 'get', 'create', 'update', 'delete'];

const names = [
  (action, thing) => `${action}_${action === 'list' ? plural(thing) : thing}`,
  (action, thing) => camel(`${thing}_${action}`),
  (action, thing) => `${plural(thing)}.${action}`,
  (action, thing) => camel(`${action}_${thing}`),
];

const descriptions = {
  list: ['Lists NS in BRAND, newest first.', 'Returns a page of NS of BRAND that match a filter.', 'Query BRAND NS. Supports paging by cursor.'],
  get: ['Gets one N of BRAND by its id.', 'Fetch a single N from BRAND with all its fields.', 'Returns the BRAND N with the given identifier.'],
  create: ['Creates a N in BRAND.', 'Adds a new N to BRAND and returns it.', 'Create BRAND N from the given fields.'],
  update: ['Updates fields of a N in BRAND.', 'Modifies an existing N of BRAND.', 'Changes a BRAND N. Fields that are left out stay as they are.'],
  delete: ['Deletes a N from BRAND for good.', 'Removes a N of BRAND.', 'Permanently delete the BRAND N with this id.'],
};

const wishes = {
  list: ['Which NS do we have on BRAND at the moment?', 'Show me all the NS that were made in BRAND last week', 'I need an overview of our BRAND NS'],
  get: ['What does N number 4711 on BRAND say?', 'Look up the details of this N over at BRAND', 'Open BRAND and read me the N from this morning'],
  create: ['Please set up another N on BRAND for the new customer', 'Make a N in BRAND called Spring', 'We are missing a N at BRAND, add it'],
  update: ['Rename that N in BRAND to Autumn', 'The N on BRAND is wrong, correct its title', 'Edit the BRAND N so that it ends on Friday'],
  delete: ['Get rid of the old N in BRAND', 'This BRAND N must go, throw it away', 'Remove the N that I made by mistake on BRAND'],
};

const words = (text) => text.replaceAll('_', ' ');
const plural = (text) => (text.endsWith('y') && !/[aeiou]y$/.test(text) ? `${text.slice(0, -1)}ies` : /(s|x|ch|sh)$/.test(text) ? `${text}es` : `${text}s`);
const camel = (text) => text.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
const fill = (text, brand, thing) => text.replaceAll('NS', words(plural(thing))).replaceAll('BRAND', words(brand)).replaceAll('N ', `${words(thing)} `);

const id = { type: 'string', description: 'The identifier.' };
const schemas = {
  list: { filter: { type: 'string' }, limit: { type: 'integer', minimum: 1, maximum: 100 }, cursor: { type: 'string' } },
  get: { id }, create: { name: { type: 'string' }, fields: { type: 'object' } }, update: { id, fields: { type: 'object' } }, delete: { id },
};
const required = { list: [], get: ['id'], create: ['name'], update: ['id', 'fields'], delete: ['id'] };

export const servers = Object.entries(services).map(([brand, things], place) => ({
  name: brand,
  tools: things.split(' ').flatMap((thing, at) => actions.map((action) => ({
    thing, action,
    name: names[place % names.length](action, thing),
    description: fill(descriptions[action][(place + at) % 3], brand, thing),
    inputSchema: { type: 'object', properties: schemas[action], required: required[action] },
    annotations: { readOnlyHint: action === 'list' || action === 'get', destructiveHint: false, openWorldHint: false },
  }))),
}));

// One task for each of 200 tools, spread evenly: every tenth tool.
export const tasks = servers.flatMap((server, place) => server.tools
  .map((tool, at) => ({ place: place * 40 + at, server, tool }))
  .filter(({ place: at }) => at % 10 === place % 10)
  .map(({ server: { name }, tool }, at) => ({
    task: fill(wishes[tool.action][(place + at) % 3], name, tool.thing),
    tool: `${name}:${tool.name.replaceAll('.', '_')}`,
  })));

SELECT
  page.time,
  page.session,
  page.issuer,
  page.subject,
  page.acting_for_issuer,
  page.acting_for,
  page.query_id,
  page.job_id,
  page.method,
  page.path,
  page.start_row,
  page.page_rows,
  page.total_rows,
  page.delivered_bytes,
  queries.statement_type,
  queries.tables,
  queries.masks,
  queries.decision,
  queries.rules,
  queries.policy_version,
  queries.policy_hash,
  queries.approvers,
  page.request_id,
  page.object,
  page.sha256
FROM `${log}.headers` AS page
LEFT JOIN `${log}.queries` AS queries ON queries.query_id = page.query_id
WHERE page.kind = 'delivery' AND page.page_rows IS NOT NULL

WITH lives AS (
  SELECT
    query_id,
    COUNT(*) AS events,
    MIN(time) AS received,
    MAX(time) AS changed,
    IFNULL(ARRAY_AGG(IF(event = 'approve', approver, NULL) IGNORE NULLS ORDER BY version), []) AS approvers,
    IFNULL(
      ARRAY_AGG(IF(event IN ('approve', 'reject'), reason, NULL) IGNORE NULLS ORDER BY version), []
    ) AS reasons,
    LOGICAL_OR(event = 'dispatch') AS ran,
    MAX(total_rows) AS total_rows,
    MAX(bytes_processed) AS bytes_processed,
    MAX(bytes_billed) AS bytes_billed
  FROM `${log}.headers`
  WHERE kind = 'event'
  GROUP BY query_id
),
ends AS (
  SELECT
    query_id, job_id, project, door, session, issuer, subject, acting_for_issuer, acting_for, state, error
  FROM `${log}.headers`
  WHERE kind = 'event'
  QUALIFY ROW_NUMBER() OVER (PARTITION BY query_id ORDER BY version DESC) = 1
),
-- A query that was held is decided again before it runs: what counts is the last time.
decided AS (
  SELECT
    query_id, statement_type, decision, rules, policy_version, policy_hash, tables, masks, estimate_bytes,
    limit_bytes, digest
  FROM `${log}.headers`
  WHERE event = 'evaluate'
  QUALIFY ROW_NUMBER() OVER (PARTITION BY query_id ORDER BY version DESC) = 1
)
SELECT
  ends.query_id,
  ends.job_id,
  ends.project,
  ends.door,
  ends.session,
  ends.issuer,
  ends.subject,
  ends.acting_for_issuer,
  ends.acting_for,
  lives.received,
  lives.changed,
  ends.state,
  ends.error,
  decided.statement_type,
  decided.decision,
  decided.rules,
  decided.policy_version,
  decided.policy_hash,
  decided.tables,
  decided.masks,
  decided.estimate_bytes,
  decided.limit_bytes,
  decided.digest,
  lives.approvers,
  lives.reasons,
  lives.ran,
  lives.total_rows,
  lives.bytes_processed,
  lives.bytes_billed,
  lives.events
FROM ends
JOIN lives ON lives.query_id = ends.query_id
LEFT JOIN decided ON decided.query_id = ends.query_id

WITH held AS (
  SELECT query_id, MIN(time) AS time
  FROM `${log}.headers`
  WHERE event = 'hold'
  GROUP BY query_id
)
SELECT
  decision.time,
  IF(decision.event = 'approve', 'approved', 'rejected') AS outcome,
  decision.approver_issuer,
  decision.approver,
  decision.reason,
  decision.complete,
  TIMESTAMP_DIFF(decision.time, held.time, SECOND) AS waited_seconds,
  decision.expires,
  decision.issuer AS requester_issuer,
  decision.subject AS requester,
  decision.acting_for_issuer,
  decision.acting_for,
  decision.query_id,
  decision.job_id,
  decision.digest,
  queries.statement_type,
  queries.tables,
  queries.masks,
  queries.rules,
  queries.estimate_bytes,
  queries.policy_version,
  queries.policy_hash,
  queries.state,
  decision.object,
  decision.sha256
FROM `${log}.headers` AS decision
LEFT JOIN held ON held.query_id = decision.query_id
LEFT JOIN `${log}.queries` AS queries ON queries.query_id = decision.query_id
WHERE decision.event IN ('approve', 'reject')

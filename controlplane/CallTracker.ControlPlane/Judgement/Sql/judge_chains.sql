-- Judges chains of calls: all answered calls of one caller within one scope, in the order (din_tms, trn_id).
-- ChainSql puts the selection of calls in. A chain is folded from its first trigger on; what
-- lies before it counts with the verdict that it has. Answers the calls whose verdict, anchor or rule changes, and the
-- calls that are new.
WITH
    @FRESH@
    -- Each operator's rules, the more special and the later ones first; the default stands under the empty operator.
    documents AS
    (
        SELECT operator_id AS owner, groupArray(document) AS rules
        FROM
        (
            SELECT operator_id,
                tuple(toString(scope), scope_id, effective_from_ms, effective_to_ms, rule_version, min_talk_sec,
                    -- A call is a duplicate when it comes at most so many milliseconds after its anchor; -1 is never.
                    multiIf(dup_window_ms = 0, toInt64(-1), dup_boundary = 'inclusive', dup_window_ms,
                        dup_window_ms - 1),
                    toString(dup_scope), dup_anchor = 'any_connected', withheld = 'always_dup', excluded_keys)
                ::Tuple(scope String, scope_id String, from_ms Int64, to_ms Int64, version UInt64, min_talk_sec UInt32,
                    reach_ms Int64, dup_scope String, by_connected UInt8, is_withheld_dup UInt8, excluded Array(UInt64))
                AS document
            FROM judgement_rules FINAL
            WHERE is_deleted = 0
            ORDER BY scope DESC, effective_from_ms DESC, rule_version DESC
        )
        GROUP BY operator_id
    ),
    (SELECT any(rules) FROM documents WHERE owner = '') AS by_default,
    (SELECT ifNull(max(dup_window_ms), 0) FROM judgement_rules FINAL WHERE is_deleted = 0) AS look_back_ms,
    ((s, x) -> x.cause = '' AND if(x.by_connected, s.4, s.2) != ''
        AND x.din_ms - if(x.by_connected, s.3, s.1) <= x.reach_ms) AS repeats,
    ((s, x) -> x.cause = '' AND NOT repeats(s, x)) AS counts,
    calls AS (@CANDIDATES@),
    ruled AS
    (
        SELECT calls.*, toUnixTimestamp64Milli(din_tms) AS din_ms,
            arrayFirst(r -> r.from_ms <= din_ms AND din_ms < r.to_ms
                AND r.scope_id = multiIf(r.scope = 'number', dialin_id, r.scope = 'advertiser', client_id, ''),
                arrayConcat(rules, by_default)) AS rule
        FROM calls LEFT JOIN documents ON owner = operator_id
    ),
    weighed AS
    (
        SELECT *,
            multiIf(talking_sec < rule.min_talk_sec, 'short', has(rule.excluded, caller_key), 'excluded',
                caller_key = 0 AND rule.is_withheld_dup, 'withheld', '') AS cause,
            multiIf(caller_key = 0, concat('call/', toString(trn_id)),
                rule.dup_scope = 'operator', 'operator',
                rule.dup_scope = 'advertiser', concat('advertiser/', client_id),
                concat('number/', client_id, '/', din_id)) AS chain
        FROM ruled
    ),
    lines AS
    (
        SELECT operator_id, caller_key,
            arraySort(x -> (x.din_ms, x.trn), groupArray(tuple(din_ms, toString(trn_id), cause, rule.reach_ms,
                rule.by_connected, is_trigger, rule.version, client_id, din_id, dialin_id, talking_sec,
                toUnixTimestamp64Milli(ingested_at), toString(verdict), toString(reason), duplicate_of, rule_version,
                revision)
                ::Tuple(din_ms Int64, trn String, cause String, reach_ms Int64, by_connected UInt8, is_trigger UInt8,
                    version UInt64, client_id String, din_id String, dialin_id String, talking_sec UInt32,
                    ingested_ms Int64, verdict String, reason String, duplicate_of String, rule_version UInt64,
                    revision UInt32))) AS line
        FROM weighed
        GROUP BY operator_id, caller_key, chain
    ),
    -- One step a query: an alias that is used twice would be computed, and analysed, twice.
    cut AS
    (
        SELECT operator_id, caller_key, line, arrayFirstIndex(x -> x.is_trigger, line) AS start
        FROM lines
        WHERE start > 0
    ),
    parts AS
    (
        SELECT operator_id, caller_key, arraySlice(line, 1, start - 1) AS head, arraySlice(line, start) AS tail
        FROM cut
    ),
    primed AS
    (
        SELECT operator_id, caller_key, tail, arrayLast(x -> x.verdict = 'valid', head) AS valid_before,
            arrayLast(x -> x.revision > 0 AND x.reason != 'excluded', head) AS connected_before
        FROM parts
    ),
    folded AS
    (
        SELECT operator_id, caller_key, tail,
            -- The state s: last valid call (1, 2), last connected call (3, 4), each call's anchor (5; '' for none).
            arrayFold((s, x) -> (
                    if(counts(s, x), x.din_ms, s.1), if(counts(s, x), x.trn, s.2),
                    if(x.cause = 'excluded', s.3, x.din_ms), if(x.cause = 'excluded', s.4, x.trn),
                    arrayPushBack(s.5, if(repeats(s, x), if(x.by_connected, s.4, s.2), ''))),
                tail,
                (valid_before.din_ms, valid_before.trn, connected_before.din_ms, connected_before.trn,
                    []::Array(String))
            ).5 AS anchors
        FROM primed
    ),
    judged AS
    (
        SELECT operator_id, caller_key, call, anchor,
            multiIf(call.cause = 'short', 'short', call.cause != '' OR anchor != '', 'duplicate', 'valid')
                AS new_verdict,
            multiIf(call.cause != '', call.cause, anchor != '', 'repeated', 'counted') AS new_reason
        FROM folded
        ARRAY JOIN tail AS call, anchors AS anchor
    )
SELECT multiIf(call.revision = 0, 'call',
        call.verdict != new_verdict OR call.duplicate_of != anchor, 'verdict', 'rule') AS event,
    operator_id, call.client_id AS client_id, call.din_id AS din_id, call.dialin_id AS dialin_id, caller_key,
    call.din_ms AS din_ms, call.trn AS trn_id, 1 AS is_answered, call.talking_sec AS talking_sec,
    call.ingested_ms AS ingested_ms, new_verdict AS verdict, new_reason AS reason, anchor AS duplicate_of,
    call.version AS rule_version, call.revision + 1 AS revision, call.verdict AS old_verdict
FROM judged
WHERE call.revision = 0 OR call.verdict != new_verdict OR call.reason != new_reason OR call.duplicate_of != anchor
    OR call.rule_version != call.version

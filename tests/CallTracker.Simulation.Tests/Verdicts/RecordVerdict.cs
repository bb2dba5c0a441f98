using CallTracker.Calls.Model;
using CallTracker.Simulation.Tests.Agents;
using CallTracker.Simulation.Tests.World;

namespace CallTracker.Simulation.Tests.Verdicts;

/// <summary>
/// Every call that was taken on has exactly one record, and the record says what passed over the wire and what both
/// sides saw. Stateless.
/// </summary>
internal static class RecordVerdict
{
    private const long TransactionMs = 33_000;

    public static void Check(SimWorld world)
    {
        foreach (var record in world.Journal.Records) CheckAlone(record);
        foreach (var caller in world.Carrier.Callers) CheckCaller(world, caller);
        var taken = world.Watch.Traces.Count(trace => trace.IsInbound && trace.WasTried);
        if (world.Terrain.SendFailureRate == 0 && world.Journal.Records.Count != taken)
            throw new SimulationException($"{world.Journal.Records.Count} records of {taken} calls taken on");
    }

    private static void CheckAlone(SimRecord record)
    {
        var isAnswered = record.Outcome == CallOutcome.Answered;
        Require(record.Starts == 1 && record.Ends == 1, record, "started or ended not once");
        Require(record.Answers == (isAnswered ? 1 : 0), record, "answers");
        Require(record.Reason != EndReason.None && record.EndedBy != CallParty.Unknown, record, "no reason");
        Require(isAnswered == (record.TstMs != 0), record, "an answer without its time, or a time without answer");
        Require(record.EocMs >= record.DinMs && record.DinMs > 0, record, "it ends before it begins");
        Require(!isAnswered || (record.TstMs >= record.FwdMs && record.EocMs >= record.TstMs), record, "times");
        Require(record.FwdMs == 0 || record.FwdMs >= record.DinMs, record, "forwarded before it came");
    }

    private static void CheckCaller(SimWorld world, CallerParty caller)
    {
        var trace = world.Watch.Find(caller.Dialog.CallId);
        var records = world.Journal.Records.Where(r => r.Caller == caller.Number).ToList();
        var isTaken = trace is { WasTried: true };
        if (world.Terrain.SendFailureRate > 0)
        {
            Require(records.Count <= 1, records.FirstOrDefault(), "more than one record");
            return;
        }
        if (records.Count != (isTaken ? 1 : 0))
            throw new SimulationException($"{records.Count} records of the call of {caller.Number}, taken {isTaken}");
        if (records.Count == 0) return;
        var record = records[0];
        var isAnswered = record.Outcome == CallOutcome.Answered;
        Require(isAnswered == (trace!.FinalSent is >= 200 and < 300), record, $"the caller was told {trace.FinalSent}");
        Require(!caller.IsAnswered || isAnswered, record, "the caller got a 2xx");
        Require(record.SipCode == trace.FinalSent, record, $"the caller was told {trace.FinalSent}");
        Require(caller.FinalCode == 0 || caller.FinalCode == trace.FinalSent, record, $"caller: {caller.FinalCode}");
        CheckAttempts(world, record, caller, trace);
    }

    private static void CheckAttempts(
        SimWorld world, SimRecord record, CallerParty caller, CallTrace inbound)
    {
        var attempts = world.Watch.Traces.Where(t => !t.IsInbound && t.Caller == caller.Number).ToList();
        if (!world.Terrain.IsTight)
            Require(attempts.Count == record.AttemptCount, record, $"{attempts.Count} INVITEs went to shops");
        if (record.Outcome != CallOutcome.Answered) return;
        // Every agent answers an offer when it acknowledges it.
        Require(record.Reason != EndReason.UnusableMedia, record, "an answer to an offer was lost");
        var winner = attempts[^1];
        // An answer may wait for the PRACK of the 18x before it (RFC 3262 section 3); the caller talks from then on.
        var isTime = record.TstMs == winner.AnswerArrivedMs
            || (record.TstMs == inbound.FinalSentMs && record.TstMs > winner.AnswerArrivedMs);
        Require(isTime, record, $"the answer came at {winner.AnswerArrivedMs}");
        var callerByeMs = inbound.ByeArrivedMs.GetValueOrDefault(caller.Dialog.LocalTag);
        var calleeByeMs = winner.ByeArrivedMs.GetValueOrDefault(winner.AnswerTag);
        if (record.Reason == EndReason.Bye) CheckBye(record, callerByeMs, calleeByeMs);
        else Require(!EndsBefore(callerByeMs, record) && !EndsBefore(calleeByeMs, record), record, "a BYE was ignored");
        CheckTalk(record, caller, world.Terrain.IsKind);
    }

    // The call ends at the moment the first BYE arrived, whichever side it is from.
    private static void CheckBye(SimRecord record, long callerByeMs, long calleeByeMs)
    {
        var isCaller = record.EndedBy == CallParty.Caller;
        var first = isCaller ? callerByeMs : calleeByeMs;
        var other = isCaller ? calleeByeMs : callerByeMs;
        Require(record.EocMs == first, record, $"BYE of the caller at {callerByeMs}, of the callee at {calleeByeMs}");
        Require(!EndsBefore(other, record), record, $"BYE of the other side at {other}");
    }

    // A BYE that crossed the answer belongs to the early dialog and is judged by what it led to.
    private static bool EndsBefore(long byeMs, SimRecord record) => byeMs > record.TstMs && byeMs < record.EocMs;

    // Talk time as the caller saw it, within what the network may add.
    private static void CheckTalk(SimRecord record, CallerParty caller, bool isKind)
    {
        if (caller.IsDead || caller.AnsweredMs == 0 || !isKind) return;
        var endMs = caller.ByeSentMs != 0 ? caller.ByeSentMs : caller.ByeReceivedMs;
        if (endMs == 0) return;
        var seenMs = endMs - caller.AnsweredMs;
        Require(Math.Abs(record.EocMs - record.TstMs - seenMs) <= TransactionMs, record, $"the caller saw {seenMs} ms");
    }

    private static void Require(bool isTrue, SimRecord? record, string what)
    {
        if (!isTrue) throw new SimulationException($"Record and wire disagree ({what}): {record}");
    }
}

using CallTracker.Calls.Model;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tokens;

namespace CallTracker.Node.Workers;

/// <summary>
/// Which worker a message belongs to: by the worker number in what we made (branch of a response, tag of a request in a
/// dialog), else by a hash of the Call-ID and by who takes new calls, so that repetitions, CANCEL and ACK find the
/// worker of their INVITE.
/// </summary>
internal static class MessageOwner
{
    public static CallOwner Find(SipMessage message, CallSpread spread)
    {
        var workerCount = spread.WorkerCount;
        if (workerCount == 1) return new CallOwner(0);
        if (!message.IsRequest && SipTokens.TryReadWorker(message.TopVia.Branch, out var worker))
            return new CallOwner(worker % workerCount);
        if (message.IsRequest && LegTag.TryRead(message.ToTag, out worker, out _, out _))
            return new CallOwner(worker % workerCount);
        var hashed = OfCallId(message.CallId, workerCount);
        if (!message.IsRequest) return new CallOwner(hashed);
        return message.Method switch
        {
            SipMethod.Invite when message.ToTag.IsEmpty => spread.OfInvite(hashed),
            SipMethod.Cancel or SipMethod.Ack => spread.OfFollower(hashed),
            _ => new CallOwner(hashed),
        };
    }

    /// <summary>What a Call-ID hashes to.</summary>
    public static int OfCallId(ReadOnlySpan<byte> callId, int workerCount) =>
        workerCount == 1 ? 0 : (int)(Hash(callId) % (uint)workerCount);

    // FNV-1a: the spread among a few workers matters here, not resistance; a flooder gains nothing by choosing a
    // worker.
    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = 2166136261;
        foreach (var b in bytes) hash = (hash ^ b) * 16777619;
        return hash ^ (hash >> 15);
    }
}

using System.Threading.Channels;

namespace CallTracker.ControlPlane.Calls.Live;

/// <summary>
/// One open stream's share of the events. Filled by the hub, read by the request. When the reader is too slow the
/// channel ends and the reader catches up from the ledger instead; the hub never waits for it.
/// </summary>
internal sealed class CallSubscription(
    string operatorId, string? clientId, ulong start, ulong end, Action<CallSubscription> onDispose) : IDisposable
{
    public const int BacklogMax = 1000;
    private readonly Channel<CallEvent> _events = Channel.CreateBounded<CallEvent>(BacklogMax);

    /// <summary>Events after this position come through the channel.</summary>
    public ulong Start => start;

    /// <summary>Where the ledger ended when this was opened; the hub may be a moment behind it.</summary>
    public ulong End => end;

    public ChannelReader<CallEvent> Events => _events.Reader;

    /// <summary>
    /// Gives the event to the stream when it is its tenant's; false when the stream has fallen behind.
    /// </summary>
    public bool Offer(CallEvent item)
    {
        if (item.Call.OperatorId != operatorId) return true;
        if (clientId is not null && item.Call.ClientId != clientId) return true;
        if (_events.Writer.TryWrite(item)) return true;
        _events.Writer.TryComplete();
        return false;
    }

    public void Close() => _events.Writer.TryComplete();

    public void Dispose() => onDispose(this);
}

using CallTracker.Calls.Access;
using CallTracker.Calls.Routing;
using CallTracker.Core.Net;
using CallTracker.Core.Time;

namespace CallTracker.Node.Streams;

/// <summary>
/// Connections from addresses that no trunk knows: phones, which are known by their digest alone. While some trunk
/// accepts registration they may come, few at a time, and say nothing but REGISTER, until one is granted; the binding
/// makes the connection's source known. Whoever takes too long or says too much is closed. Any thread.
/// </summary>
internal sealed class StrangerGate(
    StreamSettings settings, StreamTable table, Func<TrunkTable> trunks, NodeAccess access, IClock clock)
{
    private readonly Lock _lock = new();
    private long _second;
    private int _ofSecond;

    /// <summary>True when a trunk admits the source or a phone registered from there.</summary>
    public bool IsKnown(in IpEndpoint source) =>
        access.Bindings.Knows(source, clock.UnixMs) || trunks().Knows(source);

    /// <summary>Takes in a connection from an unknown address; null with the cause when it may not come.</summary>
    public StreamConnection? TryAccept(in StreamPeer peer, out RefuseCause cause)
    {
        cause = RefuseCause.UnknownSource;
        if (!trunks().AcceptsRegistration || access.Guard.IsBlocked(peer.Remote, clock.NowMs)) return null;
        lock (_lock)
        {
            cause = RefuseCause.StrangerLimit;
            if (IsTooMany(peer.Remote)) return null;
            var connection = table.TryAccept(peer, out cause);
            connection?.MarkStranger();
            return connection;
        }
    }

    /// <summary>True when a message of an accepted connection may go to the workers.</summary>
    public bool Admits(StreamConnection connection, ReadOnlySpan<byte> message)
    {
        if (!connection.CameAsStranger) return trunks().Knows(connection.Remote);
        if (IsKnown(connection.Remote))
        {
            connection.MarkKnown();
            return true;
        }
        connection.MarkStranger();
        return message.StartsWith("REGISTER "u8) && trunks().AcceptsRegistration
            && !access.Guard.IsBlocked(connection.Remote, clock.NowMs);
    }

    /// <summary>
    /// True when the connection has been without a binding for too long: never registered, or not any more.
    /// </summary>
    public bool IsOver(StreamConnection connection, long nowMs)
    {
        if (!connection.CameAsStranger) return false;
        if (IsKnown(connection.Remote)) connection.MarkKnown();
        else connection.MarkStranger();
        var sinceMs = connection.StrangerSinceMs;
        return sinceMs != 0 && nowMs - sinceMs > settings.StrangerMsMax;
    }

    // The rate bounds handshakes and passwords tried; the counts bound what silent ones hold.
    private bool IsTooMany(in IpEndpoint remote)
    {
        var second = clock.NowMs / 1000;
        if (second != _second) (_second, _ofSecond) = (second, 0);
        if (++_ofSecond > settings.StrangersPerSecMax) return true;
        var (count, ofSource) = (0, 0);
        foreach (var connection in table.All)
        {
            if (!connection.IsStranger) continue;
            count++;
            if (connection.Remote.SameAddress(remote)) ofSource++;
        }
        return count >= settings.StrangersMax || ofSource >= settings.StrangersPerSourceMax;
    }
}

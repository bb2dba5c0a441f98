using System.Collections.Concurrent;
using CallTracker.Core.Net;
using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;

namespace CallTracker.Node.Streams;

/// <summary>
/// All connections of the node by number and by peer, within their bounds. Any thread; finding takes no lock, coming
/// and going does.
/// </summary>
internal sealed class StreamTable(StreamSettings settings, IClock clock)
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<uint, StreamConnection> _byNumber = new();
    private readonly ConcurrentDictionary<StreamPeer, StreamConnection> _byPeer = new();
    private readonly Dictionary<IpEndpoint, int> _acceptedBySource = [];
    private readonly int[] _counts = new int[4];
    private uint _lastNumber;
    private int _count;

    /// <summary>All connections now.</summary>
    public IEnumerable<StreamConnection> All => _byNumber.Values;

    public int Count(SipTransportKind kind, bool isOutbound) => Volatile.Read(ref _counts[At(kind, isOutbound)]);

    public bool TryFind(uint number, out StreamConnection connection) =>
        _byNumber.TryGetValue(number, out connection!) && !connection.IsClosed;

    public bool TryFind(in StreamPeer peer, out StreamConnection connection) =>
        _byPeer.TryGetValue(peer, out connection!) && !connection.IsClosed;

    /// <summary>Takes in a connection that a peer opened; null with the cause when there is no room for it.</summary>
    public StreamConnection? TryAccept(in StreamPeer peer, out RefuseCause cause)
    {
        lock (_lock)
        {
            var source = peer.Remote.WithPort(0);
            var fromSource = _acceptedBySource.GetValueOrDefault(source);
            cause = _count >= settings.ConnectionsMax ? RefuseCause.Limit : RefuseCause.SourceLimit;
            if (_count >= settings.ConnectionsMax || fromSource >= settings.ConnectionsPerSourceMax) return null;
            _acceptedBySource[source] = fromSource + 1;
            return Add(peer, isOutbound: false);
        }
    }

    /// <summary>The connection to a peer, made now when there is none; null when there is no room for it.</summary>
    public StreamConnection? FindOrAdd(in StreamPeer peer, out bool isNew)
    {
        isNew = false;
        if (TryFind(peer, out var found)) return found;
        lock (_lock)
        {
            if (TryFind(peer, out found)) return found;
            if (_count >= settings.ConnectionsMax) return null;
            isNew = true;
            return Add(peer, isOutbound: true);
        }
    }

    public void Remove(StreamConnection connection)
    {
        lock (_lock)
        {
            if (!_byNumber.TryRemove(connection.Number, out _)) return;
            _byPeer.TryRemove(new(connection.Peer, connection));
            _count--;
            _counts[At(connection.Kind, connection.IsOutbound)]--;
            if (connection.IsOutbound) return;
            var source = connection.Remote.WithPort(0);
            if (--_acceptedBySource[source] == 0) _acceptedBySource.Remove(source);
        }
    }

    private StreamConnection Add(in StreamPeer peer, bool isOutbound)
    {
        // Number 0 means no connection in a flow; after four thousand million the numbers begin anew.
        do _lastNumber++;
        while (_lastNumber == 0 || _byNumber.ContainsKey(_lastNumber));
        var connection = new StreamConnection(_lastNumber, peer, isOutbound, clock, settings.QueuedBytesMax);
        _byNumber[connection.Number] = connection;
        _byPeer[peer] = connection;
        _count++;
        _counts[At(peer.Kind, isOutbound)]++;
        return connection;
    }

    private static int At(SipTransportKind kind, bool isOutbound) =>
        (kind == SipTransportKind.Tls ? 2 : 0) + (isOutbound ? 1 : 0);
}

using CallTracker.Core.Net;
using CallTracker.Sip.Transactions;

namespace CallTracker.Node.Workers;

/// <summary>Sends SIP from the worker's UDP sockets, one for each IP version. Worker thread only.</summary>
/// <param name="descriptor">Of the first address.</param>
/// <param name="isIpv4">The IP version of the first.</param>
/// <param name="second">Of the other IP version; negative where the node has only one.</param>
internal sealed class UdpSender(int descriptor, bool isIpv4 = true, int second = -1)
{
    /// <summary>Peers and lengths that are collected for at a time.</summary>
    public const int BatchCount = 4;
    private readonly UdpBatch[] _batches = [.. Enumerable.Range(0, BatchCount).Select(_ => new UdpBatch())];
    private int _collected;
    private int _next;

    /// <summary>Messages the kernel had no room for; for the peer they are lost, and repeated.</summary>
    public long Congested { get; private set; }

    /// <summary>Messages that could not be sent at all.</summary>
    public long Failed { get; private set; }

    public long Sent { get; private set; }

    public bool Send(in SipFlow flow, ReadOnlySpan<byte> message) =>
        Count(UdpSocket.SendTo(SocketTo(flow.Remote), message, flow.Remote), 1);

    /// <summary>Sends at <see cref="Flush"/> at the latest, together with what else has this length and peer.</summary>
    public void SendSoon(in SipFlow flow, ReadOnlySpan<byte> message)
    {
        if (!UdpBatch.Takes(message))
        {
            Send(flow, message);
            return;
        }
        var batch = BatchFor(flow.Remote, message.Length);
        batch.Add(flow.Remote, message);
        _collected++;
        if (batch.IsFull) Send(batch);
    }

    /// <summary>Sends what was collected; to be called in each turn of the worker.</summary>
    public void Flush()
    {
        if (_collected == 0) return;
        foreach (var batch in _batches) Send(batch);
    }

    // An empty one, or each in turn gives way.
    private UdpBatch BatchFor(in IpEndpoint remote, int length)
    {
        UdpBatch? empty = null;
        foreach (var batch in _batches)
        {
            if (batch.Count == 0) empty ??= batch;
            else if (batch.IsFor(remote, length)) return batch;
        }
        if (empty is not null) return empty;
        var oldest = _batches[_next++ % BatchCount];
        Send(oldest);
        return oldest;
    }

    private void Send(UdpBatch batch)
    {
        if (batch.Count == 0) return;
        var socket = SocketTo(batch.Remote);
        var isWhole = batch.Count > 1
            && UdpSocket.SendSegments(socket, batch.Bytes, (ushort)batch.Length, batch.Remote) >= 0;
        if (isWhole) Count(0, batch.Count);
        else SendSingly(batch, socket);
        _collected -= batch.Count;
        batch.Clear();
    }

    // Also where the kernel does not join them: an old one, or a path whose MTU is less than a message.
    private void SendSingly(UdpBatch batch, int socket)
    {
        for (var at = 0; at < batch.Bytes.Length; at += batch.Length)
            Count(UdpSocket.SendTo(socket, batch.Bytes.Slice(at, batch.Length), batch.Remote), 1);
    }

    private int SocketTo(in IpEndpoint remote) => remote.IsIpv4 == isIpv4 ? descriptor : second;

    private bool Count(int result, int messages)
    {
        if (result >= 0) Sent += messages;
        else if (result == UdpSocket.WouldBlock) Congested += messages;
        else Failed += messages;
        return result is >= 0 or UdpSocket.WouldBlock;
    }
}

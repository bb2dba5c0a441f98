using CallTracker.Calls.Engine;
using CallTracker.Core.Net;
using CallTracker.Sip.Transactions;

namespace CallTracker.Benchmarks.Kit;

/// <summary>Keeps the last message sent to each of two peers, in buffers of its own.</summary>
internal sealed class LastMessages : ISipSender
{
    private readonly byte[] _toCarrier = new byte[4096];
    private readonly byte[] _toShop = new byte[4096];
    private int _carrierLength;
    private int _shopLength;

    public int Sent { get; private set; }

    public bool Send(in SipFlow flow, ReadOnlySpan<byte> message)
    {
        Sent++;
        var isShop = flow.Remote == Routes.Shop;
        message.CopyTo(isShop ? _toShop : _toCarrier);
        if (isShop) _shopLength = message.Length;
        else _carrierLength = message.Length;
        return true;
    }

    public (byte[] Bytes, int Length) To(in IpEndpoint peer) =>
        peer == Routes.Shop ? (_toShop, _shopLength) : (_toCarrier, _carrierLength);
}

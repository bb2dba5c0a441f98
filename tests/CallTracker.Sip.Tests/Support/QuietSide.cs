using CallTracker.Core.Time;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Transactions;
using CallTracker.Sip.Writing;

namespace CallTracker.Sip.Tests.Support;

/// <summary>
/// A layer whose user and transport allocate nothing themselves: the last message sent is kept in one array.
/// </summary>
internal sealed class QuietSide
{
    private readonly byte[] _sent = new byte[4096];
    private readonly byte[] _request = new byte[4096];
    private readonly byte[] _out = new byte[4096];
    private readonly SipMessage _parsed = new();
    private int _sentLength;
    private int _requestLength;

    public QuietSide()
    {
        var settings = new TransactionSettings { ActiveMax = 256, LingeringMax = 4096, BufferBytesMax = 16_000_000 };
        Layer = new TransactionLayer<QuietUser, QuietTransport>(
            new QuietUser(this), new QuietTransport(this), settings, 1, 3, NowMs);
    }

    public TransactionLayer<QuietUser, QuietTransport> Layer { get; }

    public long NowMs { get; set; } = 1_000;

    public TransactionHandle LastTx { get; private set; }

    /// <summary>A copy of the last message, which may be parsed while others are sent.</summary>
    public ReadOnlySpan<byte> LastSent => _sent.AsSpan(0, _sentLength);

    public void Keep(ReadOnlySpan<byte> message)
    {
        message.CopyTo(_sent);
        _sentLength = message.Length;
    }

    public void KeepRequest(TransactionHandle tx, SipMessage request)
    {
        LastTx = tx;
        request.Bytes.CopyTo(_request);
        _requestLength = request.Length;
    }

    public void Receive(SipMessage message, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_out);
        var result = message.Parse(_out, 0, bytes.Length);
        if (result != SipParseResult.Ok) throw new InvalidOperationException("Not valid.");
        Layer.Receive(message, LayerRig.Udp, new ReceivedAt(NowMs, NowMs));
    }

    /// <summary>Answers the last request that opened a transaction.</summary>
    public void Respond(TransactionHandle tx, int code)
    {
        _parsed.Parse(_request, 0, _requestLength);
        var writer = new SipWriter(_out);
        writer.WriteRefusal(_parsed, code, "mine"u8, LayerRig.Udp.Remote);
        if (!Layer.Respond(tx, writer.Written, NowMs)) throw new InvalidOperationException("Not answered.");
    }
}

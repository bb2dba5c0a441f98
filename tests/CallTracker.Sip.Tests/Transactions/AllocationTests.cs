using CallTracker.Core.Net;
using CallTracker.Core.Time;
using CallTracker.Sip.Dialogs;
using CallTracker.Sip.Parsing;
using CallTracker.Sip.Tests.Support;
using CallTracker.Sip.Tokens;
using CallTracker.Sip.Transactions;
using CallTracker.Sip.Writing;

namespace CallTracker.Sip.Tests.Transactions;

/// <summary>
/// Nothing is allocated after the first rounds; the control shows that the measurement sees a single object.
/// </summary>
public sealed class AllocationTests
{
    private const int WarmUpCount = 2_000;
    private const int MeasuredCount = 5_000;
    private readonly byte[] _scratch = new byte[4096];
    private readonly byte[] _answer = new byte[4096];
    private readonly SipMessage _message = new();

    [Fact]
    public void Control_ThatAllocatesOneObject_IsSeen() =>
        Measure(static () => GC.KeepAlive(new byte[1])).ShouldBeGreaterThan(0);

    [Theory]
    [InlineData("wsinv")]
    [InlineData("longreq")]
    [InlineData("badinv01")]
    public void Parse_OfAnyMessage_AllocatesNothing(string file)
    {
        var bytes = File.ReadAllBytes(Corpus.Path($"Torture/{file}.dat"));
        Measure(() => _message.Parse(bytes, 0, bytes.Length)).ShouldBe(0);
    }

    [Fact]
    public void Call_OnBothSides_AllocatesNothing()
    {
        var side = new QuietSide();
        var dialog = new SipDialog();
        var tokens = new SipTokens(1, 7);
        Measure(() => RunCall(side, dialog, tokens)).ShouldBe(0);
        side.Layer.Counters.ForgottenEarly.ShouldBe(0);
        side.Layer.Counters.RetransmitsOut.ShouldBeGreaterThan(MeasuredCount);
        side.Layer.Counters.NotKept.ShouldBe(0);
    }

    [Fact]
    public void AnsweredCall_WithRepeated2xxAndAck_AllocatesNothing()
    {
        var side = new QuietSide();
        var dialog = new SipDialog();
        var tokens = new SipTokens(1, 8);
        Measure(() => RunAnsweredCall(side, dialog, tokens)).ShouldBe(0);
        side.Layer.Counters.Active.ShouldBe(0);
        side.Layer.Counters.ForgottenEarly.ShouldBe(0);
        side.Layer.Counters.RetransmitsOut.ShouldBeGreaterThanOrEqualTo(2 * MeasuredCount);
    }

    // The slabs grow while they warm up and not after; a transaction lingers for 32 s of this clock.
    private static long Measure(Action round)
    {
        for (var i = 0; i < WarmUpCount; i++) round();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < MeasuredCount; i++) round();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private void RunCall(QuietSide side, SipDialog dialog, SipTokens tokens)
    {
        side.NowMs += 50;
        Span<byte> callId = stackalloc byte[64];
        Span<byte> tag = stackalloc byte[64];
        dialog.InitUac(
            tokens.WriteCallId(callId), tokens.WriteTag(tag), "<sip:a@b>"u8, "<sip:c@d>"u8, "sip:c@192.0.2.1"u8);
        // Our own INVITE comes back to us as a foreign one and is answered, repeated, cancelled and acknowledged.
        var invite = Write(dialog, tokens, SipMethod.Invite);
        var client = side.Layer.StartRequest(invite, SipMethod.Invite, LayerRig.Udp, 1, side.NowMs);
        side.Receive(_message, side.LastSent);
        var server = side.LastTx;
        side.Layer.RespondTrying(server, _message, LayerRig.Udp, side.NowMs);
        side.Receive(_message, side.LastSent);
        side.Layer.StartCancel(client, side.NowMs);
        side.Receive(_message, side.LastSent);
        side.Receive(_message, side.LastSent);
        side.Layer.Advance(side.NowMs);
        side.Respond(server, 487);
        side.Receive(_message, side.LastSent);
        side.Receive(_message, side.LastSent);
        var bye = Write(dialog, tokens, SipMethod.Bye);
        side.Layer.StartRequest(bye, SipMethod.Bye, LayerRig.Udp, 2, side.NowMs);
        side.NowMs += 600;
        side.Layer.Advance(side.NowMs);
        side.Receive(_message, side.LastSent);
        side.Respond(side.LastTx, 200);
        side.Receive(_message, side.LastSent);
    }

    private void RunAnsweredCall(QuietSide side, SipDialog dialog, SipTokens tokens)
    {
        side.NowMs += 50;
        Span<byte> callId = stackalloc byte[64];
        Span<byte> tag = stackalloc byte[64];
        dialog.InitUac(
            tokens.WriteCallId(callId), tokens.WriteTag(tag), "<sip:a@b>"u8, "<sip:c@d>"u8, "sip:c@192.0.2.1"u8);
        var invite = Write(dialog, tokens, SipMethod.Invite);
        var client = side.Layer.StartRequest(invite, SipMethod.Invite, LayerRig.Udp, 1, side.NowMs);
        side.Receive(_message, side.LastSent);
        var server = side.LastTx;
        side.Respond(server, 200);
        side.Receive(_message, side.LastSent);
        dialog.OnResponse(_message);
        side.NowMs += 600;
        side.Layer.Advance(side.NowMs);
        var answerLength = side.LastSent.Length;
        side.LastSent.CopyTo(_answer);
        side.Layer.SendAck(client, WriteAck(dialog, tokens));
        side.Receive(_message, side.LastSent);
        side.Layer.ConfirmAck(server);
        // The 2xx comes again and gets its ACK again.
        side.Receive(_message, _answer.AsSpan(0, answerLength));
    }

    private ReadOnlySpan<byte> WriteAck(SipDialog dialog, SipTokens tokens)
    {
        var writer = new SipWriter(_scratch);
        Span<byte> branch = stackalloc byte[64];
        dialog.WriteAck(ref writer, SipTransportKind.Udp, IpEndpoint.FromIpv4(1, 5060), tokens.WriteBranch(branch));
        writer.NoBody();
        return _scratch.AsSpan(0, writer.Length);
    }

    private ReadOnlySpan<byte> Write(SipDialog dialog, SipTokens tokens, SipMethod method)
    {
        var writer = new SipWriter(_scratch);
        Span<byte> branch = stackalloc byte[64];
        dialog.WriteRequest(
            ref writer, method, SipTransportKind.Udp, IpEndpoint.FromIpv4(1, 5060), tokens.WriteBranch(branch));
        writer.Header(SipHeaderKind.Contact, "<sip:a@b>"u8);
        writer.NoBody();
        return _scratch.AsSpan(0, writer.Length);
    }
}

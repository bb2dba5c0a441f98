using System.Text;
using CallTracker.Calls.Engine;
using CallTracker.Core.Memory;
using CallTracker.Sip.Parsing;
using Shouldly;
using Xunit;

namespace CallTracker.Calls.Tests.Flow;

/// <summary>A kept request is shown as it is, also when its buffer was another's before.</summary>
public sealed class StoredRequestTests
{
    private readonly BufferPool _pool = new(bytesMax: 65_536);
    private readonly SipMessage _view = new();

    [Fact]
    public void Open_OfARequestInAReusedBuffer_ShowsThatRequest()
    {
        var first = Keep("first");
        first.Open(_view);
        CallId().ShouldBe("first");
        first.Release(_pool);
        var second = Keep("another-one");
        second.Open(_view);
        CallId().ShouldBe("another-one");
    }

    [Fact]
    public void Open_InTurns_ShowsTheOneAskedFor()
    {
        var (first, second) = (Keep("first"), Keep("second"));
        first.Open(_view);
        first.Open(_view);
        CallId().ShouldBe("first");
        second.Open(_view);
        CallId().ShouldBe("second");
        first.Open(_view);
        CallId().ShouldBe("first");
    }

    [Fact]
    public void Open_AfterTheViewShowedSomethingElse_ShowsTheRequestAgain()
    {
        var kept = Keep("kept");
        kept.Open(_view);
        var bytes = Bytes("passing");
        _view.Parse(bytes, 0, bytes.Length);
        kept.Open(_view);
        CallId().ShouldBe("kept");
    }

    private StoredRequest Keep(string callId)
    {
        var (bytes, message, request) = (Bytes(callId), new SipMessage(), default(StoredRequest));
        message.Parse(bytes, 0, bytes.Length).ShouldBe(SipParseResult.Ok);
        request.TryKeep(_pool, message, default).ShouldBeTrue();
        return request;
    }

    private string CallId() => Encoding.ASCII.GetString(_view.CallId);

    private static byte[] Bytes(string callId) => Encoding.ASCII.GetBytes(
        "INVITE sip:1@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.2;branch=z9hG4bKa\r\n"
        + "From: <sip:2@192.0.2.2>;tag=a\r\n"
        + $"To: <sip:1@192.0.2.1>\r\nCall-ID: {callId}\r\nCSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n");
}

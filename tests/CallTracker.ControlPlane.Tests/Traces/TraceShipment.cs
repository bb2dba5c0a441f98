using System.Buffers;
using System.Text;
using CallTracker.Contracts.ClickHouse;
using CallTracker.Contracts.Tracing;
using CallTracker.ControlPlane.Tests.Kit;

namespace CallTracker.ControlPlane.Tests.Traces;

/// <summary>Messages of traced calls in ClickHouse, as a node ships them.</summary>
internal static class TraceShipment
{
    public const long StartUs = 1_788_224_400_123_000;
    private const string Carrier = "192.0.2.1:5071";
    private const string Shop = "192.0.2.80:5080";
    private const string Node = "192.0.2.9:5060";

    /// <summary>A call that a busy shop refused: the INVITE repeated once, six messages on two legs.</summary>
    public static IReadOnlyList<(bool IsSent, byte Attempt, string Remote, string Text)> Busy(string extra = "") =>
    [
        (false, 0, Carrier, Message("INVITE sip:0120000001@192.0.2.9 SIP/2.0", "INVITE", "v=0\r\n", extra)),
        (true, 0, Carrier, Message("SIP/2.0 100 Trying", "INVITE")),
        (true, 1, Shop, Message("INVITE sip:0312345678@192.0.2.80 SIP/2.0", "INVITE", "v=0\r\n")),
        (false, 0, Carrier, Message("INVITE sip:0120000001@192.0.2.9 SIP/2.0", "INVITE", "v=0\r\n", extra)),
        (false, 1, Shop, Message("SIP/2.0 486 Busy Here", "INVITE")),
        (true, 1, Shop, Message("ACK sip:0312345678@192.0.2.80 SIP/2.0", "ACK")),
        (true, 0, Carrier, Message("SIP/2.0 486 Busy Here", "INVITE")),
    ];

    public static async Task ShipAsync(
        Stack stack, string operatorId, string trnId,
        IEnumerable<(bool IsSent, byte Attempt, string Remote, string Text)> messages, ushort missing = 0,
        string local = Node, int expiresDays = 1, TraceCause cause = TraceCause.Failed, long startUs = StartUs)
    {
        using var cipher = TraceCipher.OpenOrCreate(stack.Options.CallerKeyFile);
        var rows = new ArrayBufferWriter<byte>();
        var writer = new RowBinaryWriter(rows);
        var sequence = 0UL;
        foreach (var (isSent, attempt, remote, text) in messages)
        {
            SipMessageTable.Write(writer, new SipMessageRecord
            {
                TrnId = trnId,
                OperatorId = operatorId,
                NodeId = "n1",
                Sequence = ++sequence,
                UnixUs = startUs + ((long)sequence * 12_000),
                IsSent = isSent,
                Attempt = attempt,
                Transport = "udp",
                Local = local,
                Remote = remote,
                Method = "",
                Status = 0,
                Cause = cause,
                Missing = missing,
                Sealed = cipher.Seal(trnId, Encoding.UTF8.GetBytes(text)),
                ExpiresSec = (uint)DateTimeOffset.UtcNow.AddDays(expiresDays).ToUnixTimeSeconds(),
            });
        }
        await stack.ClickHouse.InsertAsync(SipMessageTable.Name, SipMessageTable.ColumnList, "RowBinary",
            rows.WrittenMemory, Guid.NewGuid().ToString("N"));
    }

    public static string Message(string startLine, string method, string body = "", string extra = "") =>
        $"{startLine}\r\nVia: SIP/2.0/UDP 192.0.2.1:5071;branch=z9hG4bK1\r\nFrom: <sip:0311112222@x>;tag=1\r\n"
        + $"To: <sip:0120000001@x>\r\nCall-ID: c1\r\nCSeq: 1 {method}\r\n{extra}"
        + (body.Length > 0 ? "Content-Type: application/sdp\r\n" : "")
        + $"Content-Length: {body.Length}\r\n\r\n{body}";
}

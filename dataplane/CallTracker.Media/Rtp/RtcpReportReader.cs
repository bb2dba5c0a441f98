using System.Buffers.Binary;

namespace CallTracker.Media.Rtp;

/// <summary>
/// Walks the sender and receiver reports of a compound packet (RFC 3550 section 6.4); other packets and what is cut
/// short are passed over. Lives on the stack of its reader.
/// </summary>
internal ref struct RtcpReportReader(ReadOnlySpan<byte> compound)
{
    private const int HeaderLength = 4;
    private const int SenderLength = 28;
    private const int ReceiverLength = 8;
    private const byte SenderType = 200;
    private const byte ReceiverType = 201;
    private ReadOnlySpan<byte> _rest = compound;
    private ReadOnlySpan<byte> _report;

    /// <summary>True at a report of one who sends RTP too.</summary>
    public bool IsSender { get; private set; }

    /// <summary>Blocks of the present report.</summary>
    public int BlockCount { get; private set; }

    /// <summary>The middle 32 bits of a sender report's NTP time: what the receiver's LSR will be.</summary>
    public readonly uint NtpMiddle => BinaryPrimitives.ReadUInt32BigEndian(_report[10..]);

    /// <summary>Goes to the next report; false when there is none.</summary>
    public bool TryNext()
    {
        while (_rest.Length >= HeaderLength && _rest[0] >> 6 == 2)
        {
            var length = (BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]) + 1) * 4;
            if (length > _rest.Length) return false;
            _report = _rest[..length];
            _rest = _rest[length..];
            if (IsReport()) return true;
        }
        return false;
    }

    public readonly RtcpReportBlock Block(int index) => RtcpReportBlock.Read(
        _report[((IsSender ? SenderLength : ReceiverLength) + (index * RtcpReportBlock.Length))..]);

    private bool IsReport()
    {
        IsSender = _report[1] == SenderType;
        if (!IsSender && _report[1] != ReceiverType) return false;
        BlockCount = _report[0] & 31;
        var fixedLength = IsSender ? SenderLength : ReceiverLength;
        return _report.Length >= fixedLength + (BlockCount * RtcpReportBlock.Length);
    }
}

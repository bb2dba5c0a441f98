using System.Net;

namespace CallTracker.Backends.Dns;

/// <summary>
/// Reads the answer to a question (RFC 1035 section 4). Bad bytes are null, never an exception. Stateless.
/// </summary>
internal static class DnsParser
{
    /// <summary>Records looked at; more are left.</summary>
    public const int RecordsMax = 64;
    private const int TtlSecMax = 7 * 86_400;
    private const ushort ResponseBit = 0x8000;
    private const ushort OpCodeMask = 0x7800;
    private const ushort TruncatedBit = 0x0200;
    private const ushort ResponseCodeMask = 0x000f;
    private const int NameErrorCode = 3;
    private const ushort ClassInternet = 1;

    /// <summary>Null when the bytes are no answer to this question.</summary>
    public static DnsAnswer? TryParse(ReadOnlySpan<byte> message, DnsQuestion question)
    {
        var reader = new DnsReader(message);
        if (!reader.TryUInt16(out var id) || id != question.Id || !reader.TryUInt16(out var flags)) return null;
        if ((flags & ResponseBit) == 0 || (flags & OpCodeMask) != 0) return null;
        if (!reader.TryUInt16(out var questions) || questions != 1 || !reader.TryUInt16(out var answers)) return null;
        if (!reader.TryUInt32(out _) || !IsEcho(ref reader, question)) return null;
        if ((flags & TruncatedBit) != 0) return new DnsAnswer(DnsStatus.Truncated, []);
        var code = flags & ResponseCodeMask;
        if (code == NameErrorCode) return new DnsAnswer(DnsStatus.NoSuchName, []);
        if (code != 0) return DnsAnswer.Failed;
        var records = new List<DnsRecord>();
        for (var i = 0; i < Math.Min((int)answers, RecordsMax); i++)
        {
            if (!TryRecord(ref reader, out var record)) return null;
            if (record is not null) records.Add(record);
        }
        return new DnsAnswer(DnsStatus.Answered, records);
    }

    private static bool IsEcho(ref DnsReader reader, DnsQuestion question) =>
        reader.TryName(out var name) && string.Equals(name, question.Name, StringComparison.Ordinal)
        && reader.TryUInt16(out var type) && type == (ushort)question.Type
        && reader.TryUInt16(out var kind) && kind == ClassInternet;

    // A record of a type that nobody reads is passed over: true and null.
    private static bool TryRecord(ref DnsReader reader, out DnsRecord? record)
    {
        record = null;
        if (!reader.TryName(out var owner) || !reader.TryUInt16(out var type)) return false;
        if (!reader.TryUInt16(out var kind) || !reader.TryUInt32(out var ttl)) return false;
        if (!reader.TryUInt16(out var length)) return false;
        var end = reader.Position + length;
        // RFC 2181 section 8: a TTL with the highest bit set is 0.
        var ttlSec = ttl > int.MaxValue ? 0 : (int)Math.Min(ttl, TtlSecMax);
        var head = new DnsRecord(owner, (DnsType)type, ttlSec);
        if (kind == ClassInternet && !TryData(ref reader, length, head, out record)) return false;
        if (record is not null && reader.Position != end) return false;
        reader.MoveTo(end);
        return true;
    }

    private static bool TryData(ref DnsReader reader, int length, DnsRecord head, out DnsRecord? record)
    {
        record = null;
        switch (head.Type)
        {
            case DnsType.A or DnsType.Aaaa:
                if (length != (head.Type == DnsType.A ? 4 : 16)) return false;
                if (!reader.TryBytes(length, out var address)) return false;
                record = head with { Address = new IPAddress(address) };
                return true;
            case DnsType.Cname:
                if (!reader.TryName(out var alias)) return false;
                record = head with { Target = alias };
                return true;
            case DnsType.Srv:
                return TryServer(ref reader, head, out record);
            case DnsType.Naptr:
                return TryPointer(ref reader, head, out record);
            default:
                return reader.TryBytes(length, out _);
        }
    }

    // RFC 2782: priority, weight, port, target
    private static bool TryServer(ref DnsReader reader, DnsRecord head, out DnsRecord? record)
    {
        record = null;
        if (!reader.TryUInt16(out var priority) || !reader.TryUInt16(out var weight)) return false;
        if (!reader.TryUInt16(out var port) || !reader.TryName(out var target)) return false;
        record = head with { Order = priority, Share = weight, Port = port, Target = target };
        return true;
    }

    // RFC 3403 section 4.1: order, preference, flags, services, regexp, replacement
    private static bool TryPointer(ref DnsReader reader, DnsRecord head, out DnsRecord? record)
    {
        record = null;
        if (!reader.TryUInt16(out var order) || !reader.TryUInt16(out var preference)) return false;
        if (!reader.TryText(out var flags) || !reader.TryText(out var service)) return false;
        if (!reader.TryText(out _) || !reader.TryName(out var target)) return false;
        record = head with
        {
            Order = order,
            Share = preference,
            Flags = flags,
            Service = service,
            Target = target,
        };
        return true;
    }
}

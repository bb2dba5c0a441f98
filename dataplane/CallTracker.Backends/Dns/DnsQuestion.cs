using System.Buffers.Binary;
using System.Text;

namespace CallTracker.Backends.Dns;

/// <summary>One question and its bytes (RFC 1035 section 4). Immutable.</summary>
/// <param name="Id">Random, and compared with the answer's.</param>
/// <param name="Name">In lower case, without the final dot.</param>
/// <param name="Type">The records wanted.</param>
internal sealed record DnsQuestion(ushort Id, string Name, DnsType Type)
{
    public const int NameLengthMax = 253;
    public const int LabelLengthMax = 63;
    private const int HeaderLength = 12;
    private const ushort RecursionDesired = 0x0100;
    private const ushort ClassInternet = 1;

    /// <summary>True when the name can be asked for at all.</summary>
    public static bool IsName(string name)
    {
        if (name.Length is 0 or > NameLengthMax || !Ascii.IsValid(name)) return false;
        foreach (var label in name.Split('.'))
        {
            if (label.Length is 0 or > LabelLengthMax) return false;
        }
        return true;
    }

    /// <summary>Writes header and question; no EDNS, so that the answer is at most 512 bytes or truncated.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[HeaderLength + Name.Length + 2 + 4];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, Id);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), RecursionDesired);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), 1);
        var at = HeaderLength;
        foreach (var label in Name.Split('.'))
        {
            bytes[at++] = (byte)label.Length;
            at += Encoding.ASCII.GetBytes(label, bytes.AsSpan(at));
        }
        at++;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), (ushort)Type);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at + 2), ClassInternet);
        return bytes;
    }
}

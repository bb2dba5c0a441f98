using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CallTracker.Media.Ice;

namespace CallTracker.Media.Tests.Ice;

/// <summary>The full side of ICE, as far as checks go; written without the product's STUN.</summary>
internal sealed class IcePeer(string ourFragment, string ourPassword)
{
    public const string Fragment = "peer";
    public const string Password = "the peer's own, of no use";
    private byte _serial;

    /// <summary>Made for these credentials of ours.</summary>
    public static IcePeer Of(IceCredentials credentials) => new(
        Encoding.ASCII.GetString(credentials.Fragment), Encoding.ASCII.GetString(credentials.Password));

    /// <summary>As a browser sends it, or with something wrong in it.</summary>
    /// <param name="nominates">With USE-CANDIDATE.</param>
    /// <param name="isControlled">With ICE-CONTROLLED in place of ICE-CONTROLLING.</param>
    /// <param name="name">Its USERNAME; null: the right one.</param>
    /// <param name="password">It is made with; null: the right one.</param>
    /// <param name="extra">Type of an attribute without value; 0 for none.</param>
    public byte[] Check(
        bool nominates = false, bool isControlled = false, string? name = null, string? password = null,
        ushort extra = 0)
    {
        var message = new List<byte> { 0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42 };
        message.AddRange(new byte[11]);
        message.Add(_serial++);
        Add(message, 0x0006, Encoding.UTF8.GetBytes(name ?? $"{ourFragment}:{Fragment}"));
        Add(message, 0x0024, [0x6e, 0, 1, 0xff]);
        Add(message, isControlled ? (ushort)0x8029 : (ushort)0x802A, new byte[8]);
        if (nominates) Add(message, 0x0025, []);
        if (extra != 0) Add(message, extra, []);
        Seal(message, Encoding.UTF8.GetBytes(password ?? ourPassword));
        return [.. message];
    }

    /// <summary>Adds MESSAGE-INTEGRITY and FINGERPRINT.</summary>
    public static void Seal(List<byte> message, byte[] password)
    {
        SetLength(message, 24);
#pragma warning disable CA5350 // As RFC 8489 section 14.5 has it.
        Add(message, 0x0008, HMACSHA1.HashData(password, message.ToArray()));
#pragma warning restore CA5350
        SetLength(message, 8);
        var crc = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(crc, Crc([.. message]) ^ 0x5354554E);
        Add(message, 0x8028, crc);
    }

    /// <summary>The value of an attribute of a message; null when it has none.</summary>
    public static byte[]? Find(byte[] message, ushort type)
    {
        for (var at = 20; at + 4 <= message.Length;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at + 2));
            if (BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at)) == type)
                return message[(at + 4)..(at + 4 + length)];
            at += 4 + ((length + 3) & ~3);
        }
        return null;
    }

    /// <summary>True for an answer with right MESSAGE-INTEGRITY and FINGERPRINT.</summary>
    public bool IsAuthentic(byte[] answer)
    {
        var bare = answer[..^32].ToList();
        Seal(bare, Encoding.UTF8.GetBytes(ourPassword));
        return bare.SequenceEqual(answer);
    }

    private static void Add(List<byte> message, ushort type, byte[] value)
    {
        message.AddRange([(byte)(type >> 8), (byte)type, (byte)(value.Length >> 8), (byte)value.Length]);
        message.AddRange(value);
        while (message.Count % 4 != 0) message.Add(0x20);
    }

    private static void SetLength(List<byte> message, int more)
    {
        var length = message.Count - 20 + more;
        (message[2], message[3]) = ((byte)(length >> 8), (byte)length);
    }

    // Bit by bit, as ITU-T V.42 section 8.1.1.6.2 defines it.
    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var octet in bytes)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var isSet = ((crc ^ (uint)(octet >> bit)) & 1) != 0;
                crc = (crc >> 1) ^ (isSet ? 0xEDB88320 : 0);
            }
        }
        return ~crc;
    }
}

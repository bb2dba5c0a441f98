using System.Buffers.Binary;

namespace CallTracker.Media.Dtls;

/// <summary>
/// Cuts what OpenSSL wrote into a memory buffer, records one behind the other, into datagrams. Stateless.
/// </summary>
internal static class DtlsRecords
{
    /// <summary>
    /// Bytes of a datagram, UDP's payload: below any MTU in use, IPv6's smallest and its headers included.
    /// </summary>
    public const int DatagramBytesMax = 1200;
    private const int HeaderLength = 13;
    private const int LengthAt = 11;

    /// <summary>Takes the next datagram: as many whole records as fit, one at least. False at the end.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> flight, out ReadOnlySpan<byte> datagram)
    {
        var length = 0;
        while (TryRecordLength(flight[length..], out var record))
        {
            if (length > 0 && length + record > DatagramBytesMax) break;
            length += record;
        }
        datagram = flight[..length];
        flight = flight[length..];
        return length > 0;
    }

    // RFC 6347 section 4.1: type (1), version (2), epoch (2), sequence number (6), length (2)
    private static bool TryRecordLength(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        if (bytes.Length < HeaderLength) return false;
        length = HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(bytes[LengthAt..]);
        return length <= bytes.Length;
    }
}

using System.Buffers.Binary;
using System.Text;
using CallTracker.Calls.Routing;
using CallTracker.Contracts.Recordings;
using CallTracker.Contracts.Routes;
using CallTracker.Media.Recording;

namespace CallTracker.Backends.Recording;

/// <summary>
/// Whose recordings a route's are and how long they stay, as bytes that pass through the workers: operator and
/// advertiser, each a length and its UTF-8, then the days. Stateless.
/// </summary>
internal static class RecordingOwner
{
    /// <summary>Null when the route's calls are not recorded.</summary>
    public static RouteRecording? Map(RouteRecord record)
    {
        if (record.Recording is not (RecordingSetting.Caller or RecordingSetting.Callee or RecordingSetting.Both))
            return null;
        var owner = new List<byte>(RouteRecording.OwnerLengthMax);
        foreach (var text in new[] { record.OperatorId, record.ClientId })
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            owner.Add((byte)bytes.Length);
            owner.AddRange(bytes);
        }
        var days = Math.Clamp(record.RecordingDays, 0, ushort.MaxValue);
        owner.AddRange([(byte)days, (byte)(days >> 8)]);
        return new RouteRecording((RecordedSides)record.Recording, [.. owner]);
    }

    /// <summary>Reads what <see cref="Map"/> wrote.</summary>
    public static (string OperatorId, string ClientId, int KeepDays) Read(ReadOnlySpan<byte> owner)
    {
        var operatorId = Encoding.UTF8.GetString(owner.Slice(1, owner[0]));
        owner = owner[(1 + owner[0])..];
        var clientId = Encoding.UTF8.GetString(owner.Slice(1, owner[0]));
        owner = owner[(1 + owner[0])..];
        return (operatorId, clientId, BinaryPrimitives.ReadUInt16LittleEndian(owner));
    }
}

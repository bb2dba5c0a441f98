using CallTracker.Core.Net;
using CallTracker.Sip.Parsing;

namespace CallTracker.Calls.Routing;

/// <summary>
/// One address that a trunk's calls can be sent to. Immutable but for its health; made by the backends, or by the trunk
/// itself when its address is no name.
/// </summary>
public sealed class TrunkEndpoint
{
    public required IpEndpoint Address { get; init; }
    public required SipTransportKind Transport { get; init; }
    /// <summary>Lower is tried first (RFC 2782).</summary>
    public int Priority { get; init; }
    /// <summary>Its share among equal priorities; 0 is a very small one (RFC 2782).</summary>
    public int Weight { get; init; }
    public EndpointHealth Health { get; init; } = new();

    /// <summary>A number by which lots are drawn; all its bits depend on the whole address.</summary>
    public ulong Mark
    {
        get
        {
            var place = ((ulong)Address.Port << 8) | (ulong)Transport;
            var mixed = (Address.High * 0x9E37_79B9_7F4A_7C15) ^ ((Address.Low + place) * 0xC2B2_AE3D_27D4_EB4F);
            return mixed ^ (mixed >> 32);
        }
    }

    /// <summary>True when both are the same place.</summary>
    public bool Is(TrunkEndpoint other) => Address == other.Address && Transport == other.Transport;

    /// <inheritdoc/>
    public override string ToString() => $"{Address} {Transport}";
}

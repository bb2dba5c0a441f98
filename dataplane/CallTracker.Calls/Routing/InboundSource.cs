using CallTracker.Core.Net;

namespace CallTracker.Calls.Routing;

/// <summary>A source whose calls a trunk admits: an address range, with a port when only that port counts.</summary>
/// <param name="Address">First address of the range; its port is the only one admitted unless it is 0.</param>
/// <param name="PrefixLength">Bits of the 128-bit (mapped) address that must agree; 128 is one address.</param>
public readonly record struct InboundSource(IpEndpoint Address, int PrefixLength)
{
    /// <summary>How exact the rule is: more bits first, then a named port. The most exact match wins.</summary>
    public int Exactness => (PrefixLength * 2) + (Address.Port == 0 ? 0 : 1);

    public bool Matches(in IpEndpoint source)
    {
        if (Address.Port != 0 && Address.Port != source.Port) return false;
        var high = PrefixLength >= 64 ? ulong.MaxValue : Mask(PrefixLength);
        var low = PrefixLength <= 64 ? 0 : Mask(PrefixLength - 64);
        return ((Address.High ^ source.High) & high) == 0 && ((Address.Low ^ source.Low) & low) == 0;
    }

    private static ulong Mask(int bits) => bits <= 0 ? 0 : ulong.MaxValue << (64 - bits);
}

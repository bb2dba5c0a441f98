using System.Runtime.CompilerServices;

namespace CallTracker.Media.FastPath;

/// <summary>An address as packets have it: 16 bytes in network order, IPv4 in the first four of them.</summary>
[InlineArray(16)]
internal struct FlowAddress
{
    private byte _first;
}

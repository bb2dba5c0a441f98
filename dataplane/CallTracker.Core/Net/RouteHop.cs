namespace CallTracker.Core.Net;

/// <summary>Where a packet goes next.</summary>
/// <param name="InterfaceIndex">The interface it leaves by.</param>
/// <param name="Next">The neighbour it is handed to: a gateway, or the target itself; its port is 0.</param>
public readonly record struct RouteHop(int InterfaceIndex, IpEndpoint Next);

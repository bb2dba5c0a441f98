using CallTracker.Core.Net;

namespace CallTracker.Backends.Dns;

/// <summary>One place where the servers of a name are. A plain value.</summary>
/// <param name="Address">Address and port.</param>
/// <param name="Priority">Lower first.</param>
/// <param name="Weight">Share among equals.</param>
internal readonly record struct SipLocation(IpEndpoint Address, int Priority, int Weight);

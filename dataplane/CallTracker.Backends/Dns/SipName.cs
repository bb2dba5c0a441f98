using CallTracker.Sip.Parsing;

namespace CallTracker.Backends.Dns;

/// <summary>A name that a SIP server is to be found under. A plain value.</summary>
/// <param name="Host">In lower case.</param>
/// <param name="Port">0 when none is named, and SRV records say.</param>
/// <param name="Transport">How the server is spoken to.</param>
internal readonly record struct SipName(string Host, ushort Port, SipTransportKind Transport);

namespace CallTracker.Media.Ice;

/// <summary>The attributes of STUN in connectivity checks (RFC 8489 section 18.3, RFC 8445 section 20.2).</summary>
internal static class StunAttribute
{
    public const ushort Username = 0x0006;
    public const ushort MessageIntegrity = 0x0008;
    public const ushort ErrorCode = 0x0009;
    public const ushort UnknownAttributes = 0x000A;
    public const ushort XorMappedAddress = 0x0020;
    public const ushort Priority = 0x0024;
    public const ushort UseCandidate = 0x0025;
    public const ushort Fingerprint = 0x8028;
    public const ushort IceControlled = 0x8029;
    public const ushort IceControlling = 0x802A;

    /// <summary>From here on an attribute may be passed over by who does not know it.</summary>
    public const ushort OptionalFirst = 0x8000;

    /// <summary>True for those of a check that must be understood, and are.</summary>
    public static bool IsKnown(ushort type) => type is Username or MessageIntegrity or Priority or UseCandidate;
}

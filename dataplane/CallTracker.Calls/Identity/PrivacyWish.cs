namespace CallTracker.Calls.Identity;

/// <summary>
/// What a caller asks to be hidden (RFC 3323 section 4.2, RFC 3325 section 9.3, RFC 7044 section 10.1).
/// </summary>
[Flags]
internal enum PrivacyWish : byte
{
    /// <summary>No Privacy header.</summary>
    Unsaid = 0,
    /// <summary>The network's knowledge of the caller stays in the trust domain.</summary>
    Id = 1,
    /// <summary>From and what else names the user.</summary>
    User = 2,
    /// <summary>Via, Contact and the like: what this product hides from everybody.</summary>
    Header = 4,
    /// <summary>Media addresses: hidden from everybody, too.</summary>
    Session = 8,
    /// <summary>Who forwarded the call before.</summary>
    History = 16,
    /// <summary>Nothing is to be hidden; this wish is explicit.</summary>
    Nothing = 32,
    /// <summary>Refuse the call rather than not grant it.</summary>
    Critical = 64,
    /// <summary>Something this product does not know.</summary>
    Other = 128,
}

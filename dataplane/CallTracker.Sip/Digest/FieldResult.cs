namespace CallTracker.Sip.Digest;

/// <summary>What <see cref="DigestFields"/> found.</summary>
internal enum FieldResult : byte
{
    Field = 0,

    /// <summary>No more fields of this scheme.</summary>
    End,
    Malformed,
}

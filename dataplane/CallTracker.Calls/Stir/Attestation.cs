namespace CallTracker.Calls.Stir;

/// <summary>How well the signer knows the caller (RFC 8588 section 4). Journalled: values never change.</summary>
public enum Attestation : byte
{
    None = 0,
    /// <summary>Full: the customer is known and may use the number.</summary>
    A = 1,
    /// <summary>Partial: the customer is known.</summary>
    B = 2,
    /// <summary>Gateway: only the entry into the network is known.</summary>
    C = 3,
}

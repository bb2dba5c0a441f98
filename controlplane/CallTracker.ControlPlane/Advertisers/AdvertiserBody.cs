namespace CallTracker.ControlPlane.Advertisers;

/// <summary>What a client sends to create or replace an advertiser.</summary>
public sealed record AdvertiserBody
{
    /// <summary>1 to 64 of A-Z a-z 0-9 _ -; made by the server when absent. Cannot be changed.</summary>
    public string? ClientId { get; init; }
    /// <summary>1 to 200 characters.</summary>
    public required string ClientName { get; init; }
}

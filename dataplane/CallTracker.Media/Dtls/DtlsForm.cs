namespace CallTracker.Media.Dtls;

/// <summary>What an answer repeats of its offer's form. A plain value.</summary>
/// <param name="HasFeedback">The profile is SAVPF.</param>
/// <param name="Id">The stream's a=mid.</param>
/// <param name="IsBundled">It is in a group BUNDLE.</param>
/// <param name="Streams">All streams it has.</param>
public readonly record struct DtlsForm(bool HasFeedback, MediaId Id, bool IsBundled, StreamLayout Streams);

namespace CallTracker.ControlPlane.Calls;

/// <summary>The language of labels and of CSV headers.</summary>
internal enum Language
{
    Japanese,
    English,
}

namespace CallTracker.Backends.Recording;

/// <summary>Where the writer puts recordings. The writer's thread, but for <see cref="Seal"/> and behind.</summary>
internal interface IRecordingStore
{
    /// <summary>Looks at the room that is left; called now and then.</summary>
    void Check();

    /// <summary>Begins a recording's file.</summary>
    /// <exception cref="IOException">There is no room, or the store fails.</exception>
    IRecordingOutput Create(string trnId);

    /// <summary>Makes a file that has its end durable. The catalogue's task.</summary>
    /// <exception cref="IOException">The store fails.</exception>
    void Seal(string trnId);

    /// <summary>Puts a sealed file where it stays. The catalogue's task.</summary>
    /// <exception cref="IOException">The store fails.</exception>
    void File(string trnId);
}

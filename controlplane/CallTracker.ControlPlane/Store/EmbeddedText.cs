namespace CallTracker.ControlPlane.Store;

/// <summary>Texts that are built into the program: Lua scripts, SQL, the default rule. Stateless.</summary>
internal static class EmbeddedText
{
    /// <summary>The resource whose name ends in <paramref name="name"/>.</summary>
    public static string Read(string name)
    {
        var assembly = typeof(EmbeddedText).Assembly;
        using var stream = assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is missing from the build.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

namespace CallTracker.Tidy.Tests.Source;

/// <summary>What a <see cref="Member"/> declares.</summary>
internal enum MemberKind
{
    /// <summary>A using or a namespace.</summary>
    Frame,
    /// <summary>A class, struct, record, interface, enum or delegate.</summary>
    Type,
    /// <summary>Anything with code: method, constructor, operator, property, statement of a program.</summary>
    Code,
    /// <summary>A field or an enum value: data.</summary>
    Field,
}

using CallTracker.Tidy.Tests.Checks;

namespace CallTracker.Tidy.Tests.Tests;

/// <summary>Proves that <see cref="TopLevelTypeCheck"/> can fail.</summary>
public sealed class TopLevelTypeCheckTests
{
    [Theory]
    [InlineData("namespace N;\nclass A;\nenum B { C }\n")]
    [InlineData("namespace N;\nclass A { }\npublic delegate void B(int x);\n")]
    [InlineData("namespace N\n{\n  interface A { }\n  internal readonly record struct B(int X);\n}\n")]
    [InlineData("public abstract class B<T> where T : class { }\n")]
    public void File_WithAnotherType_IsFound(string text)
        => CheckAssert.Finds<TopLevelTypeCheck>(1, ("x/A.cs", text));

    [Theory]
    [InlineData("namespace N;\n[X(1)]\npublic sealed class A<T> : B where T : struct { class C; enum D { E } }\n")]
    [InlineData("public ref struct A(int x) { readonly int _x = x; }\n")]
    [InlineData("using X;\nreturn Run();\nstatic int Run() { return 1; }\n")]
    public void File_WithItsTypeAlone_IsAccepted(string text)
        => CheckAssert.Accepts<TopLevelTypeCheck>(("x/A.cs", text));
}

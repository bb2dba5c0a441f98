using CallTracker.Tidy.Tests.Checks;

namespace CallTracker.Tidy.Tests.Tests;

/// <summary>Proves that <see cref="MethodLengthCheck"/> can fail, and that literals do not mislead it.</summary>
public sealed class MethodLengthCheckTests
{
    private static readonly string Long = Statements(MethodLengthCheck.LinesMax);

    /// <summary>Members with a body of as many lines as the limit, so that head and brace are too much.</summary>
    public static TheoryData<string, string> TooLong => new()
    {
        { "void Run()\n{\n" + Long + "}", "Run" },
        { "[Fact]\n[InlineData(1)]\nint Run<T>(int[] a) where T : class, new()\n{\n" + Long + "}", "Run" },
        { "A()\n    : base(new { X = 1 })\n{\n" + Long + "}", "A" },
        { "int Size\n{\n    get\n    {\n" + Long + "    }\n}", "Size" },
        { "int Sum(int a) => a switch\n{\n" + Rows(MethodLengthCheck.LinesMax) + "};", "Sum" },
        { "public static bool operator ==(A a, A b)\n{\n" + Long + "}", "operator" },
    };

    [Theory]
    [MemberData(nameof(TooLong))]
    public void Member_OverTheLimit_IsFound(string member, string name)
        => CheckAssert.Finds<MethodLengthCheck>(1, ("A.cs", "class A\n{\n" + member + "\nvoid Next() { }\n}\n"))[0]
            .What.ShouldStartWith(name + " has ");

    [Fact]
    public void Program_OverTheLimit_IsFound()
        => CheckAssert.Finds<MethodLengthCheck>(1, ("Program.cs", "using X;\n\n" + Long + "return 0;\n"));

    [Fact]
    public void Method_AtTheLimit_IsAccepted()
        => CheckAssert.Accepts<MethodLengthCheck>(
            ("A.cs", "class A\n{\nvoid Run()\n{\n" + Statements(MethodLengthCheck.LinesMax - 3) + "}\n}\n"));

    [Fact]
    public void BracesInLiterals_OfAShortMethod_AreNotCounted()
        => CheckAssert.Accepts<MethodLengthCheck>(("A.cs", "class A\n{\nstring A() => \"{\";\nchar B() => '{';\n"
            + "string C(int x) => $\"{(x > 0 ? \"{\" : $\"{{{x}\")}\";\nstring D() => @\"\"\"{\";\n// {\n/* { */\n"
            + "string E() => \"\"\"\n  { \"\" {\n  \"\"\";\n"
            + string.Concat(Enumerable.Repeat("int F() => 1;\n", 100)) + "}\n"));

    [Fact]
    public void Table_LongerThanTheLimit_IsNoMethod()
        => CheckAssert.Accepts<MethodLengthCheck>(
            ("A.cs", "class A\n{\nint[] _a =\n{\n" + Rows(100) + "};\nint[] _b =\n[\n" + Rows(100) + "];\n}\n"));

    private static string Statements(int count) => string.Concat(Enumerable.Repeat("        Do();\n", count));

    private static string Rows(int count) => string.Concat(Enumerable.Repeat("    1,\n", count));
}

using System.Runtime.InteropServices;
using System.Text;

namespace CallTracker.ClickHouseEmbedded.Engine;

/// <summary>
/// The values of {name:Type} placeholders in the engine's layout: four parallel arrays in native memory. The values are
/// escaped text as in a TSV field, which is also what ClickHouse's HTTP interface takes, so they pass unchanged. Owned
/// by the request, used by its engine thread.
/// </summary>
internal sealed unsafe class QueryParameters : IDisposable
{
    private readonly List<nint> _blocks = [];

    public QueryParameters(IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        Count = (nuint)parameters.Count;
        if (parameters.Count == 0)
            return;
        Names = (byte**)Reserve(parameters.Count * sizeof(nint));
        NameBytes = (nuint*)Reserve(parameters.Count * sizeof(nuint));
        Values = (byte**)Reserve(parameters.Count * sizeof(nint));
        ValueBytes = (nuint*)Reserve(parameters.Count * sizeof(nuint));
        for (var i = 0; i < parameters.Count; i++)
        {
            (Names[i], NameBytes[i]) = Copy(parameters[i].Key);
            (Values[i], ValueBytes[i]) = Copy(parameters[i].Value);
        }
    }

    public nuint Count { get; }

    public byte** Names { get; }

    public nuint* NameBytes { get; }

    public byte** Values { get; }

    public nuint* ValueBytes { get; }

    public void Dispose()
    {
        foreach (var block in _blocks)
            NativeMemory.Free((void*)block);
        _blocks.Clear();
    }

    private PointerAndLength Copy(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        // One byte more: an empty value still needs an address.
        var copy = (byte*)Reserve(length + 1);
        Encoding.UTF8.GetBytes(text, new Span<byte>(copy, length));
        return new PointerAndLength(copy, (nuint)length);
    }

    private void* Reserve(int byteCount)
    {
        var block = NativeMemory.Alloc((nuint)byteCount);
        _blocks.Add((nint)block);
        return block;
    }

    private readonly struct PointerAndLength(byte* pointer, nuint length)
    {
        public void Deconstruct(out byte* address, out nuint byteCount)
        {
            address = pointer;
            byteCount = length;
        }
    }
}

using System.Buffers.Binary;

namespace CallTracker.Core.Linux.Bpf;

/// <summary>
/// One program out of an object file of clang: an ELF reader for what such a file holds, one program section and the
/// places in it that name maps. Anything else is refused. Read once, at start, for a <see cref="TrafficProgram"/>.
/// </summary>
public sealed class BpfObject
{
    private const int HeaderBytes = 64;
    private const int SectionBytes = 64;
    private const int SymbolBytes = 24;
    private const int RelocationBytes = 16;
    private const int InstructionBytes = 8;
    private const int RelocationOfMap = 1;
    private const ushort MachineBpf = 247;
    // ld_imm64 with a map's descriptor in place of a number.
    private const byte LoadWide = 0x18;
    private const byte SourceMap = 1;
    private readonly byte[] _file;
    private readonly long _sections;
    private readonly int _sectionCount;
    private readonly int _names;

    private BpfObject(byte[] file)
    {
        _file = file;
        _sections = ReadLong(0x28);
        _sectionCount = ReadShort(0x3c);
        _names = ReadShort(0x3e);
    }

    /// <summary>
    /// The instructions of a section, with the maps' descriptors in them; null when the file is not as expected.
    /// </summary>
    /// <param name="file">The whole file.</param>
    /// <param name="section">Name of the section, which holds one program.</param>
    /// <param name="maps">Descriptors by the names the program uses.</param>
    public static byte[]? Instructions(byte[] file, string section, IReadOnlyDictionary<string, int> maps)
    {
        var isElf = file.Length > HeaderBytes && file.AsSpan().StartsWith("\u007fELF\u0002\u0001"u8)
            && BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(0x12)) == MachineBpf;
        if (!isElf) return null;
        try
        {
            return new BpfObject(file).Link(section, maps);
        }
        catch (ArgumentOutOfRangeException)
        {
            // Our own file, read once at start; an offset beyond its end means that it was cut.
            return null;
        }
    }

    private byte[]? Link(string name, IReadOnlyDictionary<string, int> maps)
    {
        var program = Find(name);
        if (program < 0) return null;
        var code = Bytes(program).ToArray();
        var relocations = Find(".rel" + name);
        if (relocations < 0) return code;
        var list = Bytes(relocations);
        var symbols = Bytes((int)ReadInt(Header(relocations) + 40));
        var texts = Bytes((int)ReadInt(Header((int)ReadInt(Header(relocations) + 40)) + 40));
        for (; list.Length >= RelocationBytes; list = list[RelocationBytes..])
        {
            var at = (int)BinaryPrimitives.ReadInt64LittleEndian(list);
            var info = BinaryPrimitives.ReadUInt64LittleEndian(list[8..]);
            var symbol = symbols[((int)(info >> 32) * SymbolBytes)..];
            var map = Text(texts[(int)BinaryPrimitives.ReadUInt32LittleEndian(symbol)..]);
            if ((uint)info != RelocationOfMap || !maps.TryGetValue(map, out var descriptor)) return null;
            if ((uint)at > (uint)(code.Length - (2 * InstructionBytes)) || code[at] != LoadWide) return null;
            code[at + 1] = (byte)((code[at + 1] & 0x0f) | (SourceMap << 4));
            BinaryPrimitives.WriteInt32LittleEndian(code.AsSpan(at + 4), descriptor);
        }
        return code;
    }

    private int Find(string name)
    {
        var names = Bytes(_names);
        for (var i = 0; i < _sectionCount; i++)
        {
            if (string.Equals(Text(names[(int)ReadInt(Header(i))..]), name, StringComparison.Ordinal)) return i;
        }
        return -1;
    }

    private int Header(int section) => (int)_sections + (section * SectionBytes);

    private ReadOnlySpan<byte> Bytes(int section) =>
        _file.AsSpan((int)ReadLong(Header(section) + 24), (int)ReadLong(Header(section) + 32));

    private ushort ReadShort(int at) => BinaryPrimitives.ReadUInt16LittleEndian(_file.AsSpan(at));

    private uint ReadInt(int at) => BinaryPrimitives.ReadUInt32LittleEndian(_file.AsSpan(at));

    private long ReadLong(int at) => BinaryPrimitives.ReadInt64LittleEndian(_file.AsSpan(at));

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)0);
        return string.Create(Math.Max(0, end), bytes, (chars, from) =>
        {
            for (var i = 0; i < chars.Length; i++) chars[i] = (char)from[i];
        });
    }
}

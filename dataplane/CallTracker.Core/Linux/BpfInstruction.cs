using System.Runtime.InteropServices;

namespace CallTracker.Core.Linux;

/// <summary>
/// One instruction of the kernel's classic packet filter: struct sock_filter. No rights are needed to attach such a
/// program to a socket of one's own.
/// </summary>
/// <param name="Code">What it does.</param>
/// <param name="IfTrue">Instructions to skip when a comparison holds.</param>
/// <param name="IfFalse">Instructions to skip when it does not.</param>
/// <param name="Operand">Constant, offset or jump length.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct BpfInstruction(ushort Code, byte IfTrue, byte IfFalse, uint Operand)
{
    /// <summary>The most instructions that the kernel takes (BPF_MAXINSNS).</summary>
    public const int ProgramLengthMax = 4096;
    private const ushort LoadWordAt = 0x20;
    private const ushort LoadLengthCode = 0x80;
    private const ushort LoadByteAtXPlus = 0x50;
    private const ushort SetXCode = 0x01;
    private const ushort StoreCode = 0x02;
    private const ushort LoadXCode = 0x61;
    private const ushort JumpCode = 0x05;
    private const ushort IfEqualCode = 0x15;
    private const ushort IfAtLeastCode = 0x35;
    private const ushort AddCode = 0x04;
    private const ushort SubtractCode = 0x14;
    private const ushort ShiftLeftCode = 0x64;
    private const ushort AddXCode = 0x0C;
    private const ushort ReturnCode = 0x06;
    private const ushort ReturnACode = 0x16;

    /// <summary>A = the four bytes at an offset, the first the highest. Past the end the program returns 0.</summary>
    public static BpfInstruction LoadWord(int offset) => new(LoadWordAt, 0, 0, (uint)offset);

    /// <summary>A = the packet's length.</summary>
    public static BpfInstruction LoadLength() => new(LoadLengthCode, 0, 0, 0);

    /// <summary>A = the byte at X plus an offset.</summary>
    public static BpfInstruction LoadByteAtX(int offset) => new(LoadByteAtXPlus, 0, 0, (uint)offset);

    /// <summary>X = a constant.</summary>
    public static BpfInstruction SetX(int value) => new(SetXCode, 0, 0, (uint)value);

    /// <summary>Cell 0 = A.</summary>
    public static BpfInstruction Store() => new(StoreCode, 0, 0, 0);

    /// <summary>X = cell 0.</summary>
    public static BpfInstruction LoadXFromCell() => new(LoadXCode, 0, 0, 0);

    public static BpfInstruction Jump(int skipped) => new(JumpCode, 0, 0, (uint)skipped);

    public static BpfInstruction IfEqual(uint value, int skippedIfTrue, int skippedIfFalse) =>
        new(IfEqualCode, (byte)skippedIfTrue, (byte)skippedIfFalse, value);

    public static BpfInstruction IfAtLeast(uint value, int skippedIfTrue, int skippedIfFalse) =>
        new(IfAtLeastCode, (byte)skippedIfTrue, (byte)skippedIfFalse, value);

    public static BpfInstruction Add(uint value) => new(AddCode, 0, 0, value);

    public static BpfInstruction Subtract(uint value) => new(SubtractCode, 0, 0, value);

    public static BpfInstruction ShiftLeft(uint bits) => new(ShiftLeftCode, 0, 0, bits);

    /// <summary>A = A + X.</summary>
    public static BpfInstruction AddX() => new(AddXCode, 0, 0, 0);

    public static BpfInstruction Return(uint value) => new(ReturnCode, 0, 0, value);

    public static BpfInstruction ReturnA() => new(ReturnACode, 0, 0, 0);
}

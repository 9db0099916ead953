using System.Text;

namespace Reference.Wire.Schema;

/// <summary>A message or one of its structures: what the generator implements.</summary>
public interface IWireStruct
{
    /// <summary>Exact number of bytes that <see cref="Write"/> produces in a version.</summary>
    /// <param name="version">API version.</param>
    int Size(short version);

    /// <summary>Writes the fields that a version carries.</summary>
    /// <param name="writer">Destination with room for <see cref="Size"/> bytes.</param>
    /// <param name="version">API version.</param>
    /// <exception cref="UnsupportedFieldException">A field that is not ignorable has a value that the version cannot express.</exception>
    void Write(ref WireWriter writer, short version);

    /// <summary>Appends the fields that differ from their defaults, on one line.</summary>
    /// <param name="text">Destination.</param>
    void Print(StringBuilder text);
}

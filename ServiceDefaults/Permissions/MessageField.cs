using System.Collections.Concurrent;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace ApiSvc.ServiceDefaults.Permissions;

/// <summary>Reads a text field of a request, possibly inside other messages, by its path in the contract.</summary>
internal sealed class MessageField
{
    private static readonly ConcurrentDictionary<(Type, string), MessageField?> Known = [];

    private readonly FieldDescriptor[] _path;

    private MessageField(FieldDescriptor[] path) => _path = path;

    /// <returns>Null when the message has no such field, or it is not text.</returns>
    public static MessageField? Find(Type message, string? path) =>
        path is null
            ? null
            : Known.GetOrAdd((message, path), static key => Resolve(key.Item1, key.Item2));

    /// <returns>Null when a message on the way is not set.</returns>
    public string? Read(IMessage message)
    {
        object? value = message;
        foreach (var field in _path)
        {
            if (value is not IMessage inside)
            {
                return null;
            }

            value = field.Accessor.GetValue(inside);
        }

        return value as string;
    }

    private static MessageField? Resolve(Type message, string path)
    {
        if (Activator.CreateInstance(message) is not IMessage { Descriptor: var descriptor })
        {
            return null;
        }

        var fields = new List<FieldDescriptor>();
        foreach (var name in path.Split('.'))
        {
            if (descriptor?.FindFieldByName(name) is not { IsRepeated: false } field)
            {
                return null;
            }

            fields.Add(field);
            descriptor = field.FieldType == FieldType.Message ? field.MessageType : null;
        }

        return fields[^1].FieldType == FieldType.String ? new MessageField([.. fields]) : null;
    }
}

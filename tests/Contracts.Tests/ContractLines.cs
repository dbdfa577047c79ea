using Google.Protobuf.Reflection;

namespace ApiSvc.Contracts.Tests;

/// <summary>The contracts as text: a line for each thing that a program elsewhere may rest on.</summary>
internal static class ContractLines
{
    public static IEnumerable<string> Of(FileDescriptor file) =>
        file
            .MessageTypes.SelectMany(OfMessage)
            .Concat(file.EnumTypes.SelectMany(OfEnum))
            .Concat(file.Services.SelectMany(OfService));

    private static IEnumerable<string> OfMessage(MessageDescriptor message) =>
        message
            .Fields.InFieldNumberOrder()
            .Select(field =>
                $"{message.FullName}.{field.Name} = {field.FieldNumber} {TypeOf(field)}"
            )
            .Prepend($"message {message.FullName}")
            .Concat(message.NestedTypes.Where(nested => !IsMapEntry(nested)).SelectMany(OfMessage))
            .Concat(message.EnumTypes.SelectMany(OfEnum));

    private static IEnumerable<string> OfEnum(EnumDescriptor type) =>
        type
            .Values.Select(value => $"{type.FullName}.{value.Name} = {value.Number}")
            .Prepend($"enum {type.FullName}");

    private static IEnumerable<string> OfService(ServiceDescriptor service) =>
        service
            .Methods.Select(method =>
                $"rpc {service.FullName}/{method.Name}"
                + $"({Streamed(method.IsClientStreaming)}{method.InputType.FullName})"
                + $" -> {Streamed(method.IsServerStreaming)}{method.OutputType.FullName}"
            )
            .Prepend($"service {service.FullName}");

    private static string TypeOf(FieldDescriptor field)
    {
        if (field.IsMap)
        {
            var fields = field.MessageType.Fields;
            return $"map<{TypeOf(fields[1])}, {TypeOf(fields[2])}>";
        }

        var type = field.FieldType switch
        {
            FieldType.Message => field.MessageType.FullName,
            FieldType.Enum => field.EnumType.FullName,
            var scalar => scalar.ToString().ToLowerInvariant(),
        };
        var oneof = field.RealContainingOneof is { } container ? $" oneof {container.Name}" : "";
        return (field.IsRepeated ? "repeated " : "") + type + oneof;
    }

    private static bool IsMapEntry(MessageDescriptor message) =>
        message.GetOptions()?.MapEntry == true;

    private static string Streamed(bool streamed) => streamed ? "stream " : "";
}

using Grpc.Core;
using Grpc.Reflection.V1;

namespace Grpc.Reflection;

/// <summary>Answers v1 of the reflection protocol. Extensions, a thing of proto2, are not supported.</summary>
internal sealed class ReflectionV1ServiceImpl : ServerReflection.ServerReflectionBase
{
    private readonly Answers _answers;

    /// <param name="services">Full names.</param>
    public ReflectionV1ServiceImpl(IEnumerable<string> services, SymbolRegistry symbolRegistry) =>
        _answers = new Answers(services, symbolRegistry);

    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream,
        IServerStreamWriter<ServerReflectionResponse> responseStream,
        ServerCallContext context
    )
    {
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            var response = Answer(request);
            response.ValidHost = request.Host;
            response.OriginalRequest = request;
            await responseStream.WriteAsync(response);
        }
    }

    private ServerReflectionResponse Answer(ServerReflectionRequest request) =>
        request.MessageRequestCase switch
        {
            ServerReflectionRequest.MessageRequestOneofCase.FileByFilename => Files(
                _answers.FileByName(request.FileByFilename),
                request.FileByFilename
            ),
            ServerReflectionRequest.MessageRequestOneofCase.FileContainingSymbol => Files(
                _answers.FileContainingSymbol(request.FileContainingSymbol),
                request.FileContainingSymbol
            ),
            ServerReflectionRequest.MessageRequestOneofCase.ListServices => List(),
            _ => Error(
                StatusCode.Unimplemented,
                "Request type not supported by C# reflection service."
            ),
        };

    private ServerReflectionResponse List()
    {
        var list = new ListServiceResponse();
        list.Service.AddRange(
            _answers.Services.Select(name => new ServiceResponse { Name = name })
        );
        return new ServerReflectionResponse { ListServicesResponse = list };
    }

    private static ServerReflectionResponse Files(
        IReadOnlyList<Google.Protobuf.ByteString>? files,
        string name
    ) =>
        files is null
            ? Error(StatusCode.NotFound, $"'{name}' was not found.")
            : new ServerReflectionResponse
            {
                FileDescriptorResponse = new FileDescriptorResponse
                {
                    FileDescriptorProto = { files },
                },
            };

    private static ServerReflectionResponse Error(StatusCode code, string message) =>
        new()
        {
            ErrorResponse = new ErrorResponse { ErrorCode = (int)code, ErrorMessage = message },
        };
}

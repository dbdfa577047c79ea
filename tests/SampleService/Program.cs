using ApiSvc.SampleService.Notes;
using ApiSvc.ServiceDefaults.Commands;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Outbox;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddServiceDatabase("notesdb");
builder.AddKafkaOutbox("kafka");
builder.Services.AddScoped<NoteOwners>();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapNotes();
app.MapGrpcService<NotesService>();
return await app.RunServiceAsync(args);

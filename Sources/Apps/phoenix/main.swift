import PhoenixServer

let command = PhoenixCommand.parsed()
await PhoenixCommand.run(command)

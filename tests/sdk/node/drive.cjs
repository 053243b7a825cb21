// Drives @vonage/server-sdk: a line on stdin is a call, the line on stdout that answers it is what came of it.
// METHODS is not one of its methods, but asks for all their names.
"use strict"

const dns = require("dns")
const readline = require("readline")

// It fetches files from its vendor's names only. Here they lead to this machine, as an entry in /etc/hosts would.
const lookup = dns.lookup
dns.lookup = (name, options, done) => lookup(name.endsWith(".nexmo.com") ? "127.0.0.1" : name, options, done)

const { Vonage } = require("@vonage/server-sdk")

const clients = new Map()

function voiceOf(given) {
  const known = JSON.stringify(given)
  if (!clients.has(known)) {
    const auth = { applicationId: given.application, privateKey: given.key }
    clients.set(known, new Vonage(auth, { apiHost: given.host }))
  }
  return clients.get(known).voice
}

async function answer(asked) {
  try {
    const voice = voiceOf(asked.client)
    if (asked.do === "METHODS") return { gave: Object.getOwnPropertyNames(Object.getPrototypeOf(voice)) }
    const gave = await voice[asked.do](...asked.with)
    if (gave === undefined) return { gave: null }
    if (typeof gave[Symbol.asyncIterator] !== "function") return { gave }
    const all = []
    for await (const each of gave) all.push(each)
    return { gave: all }
  } catch (error) {
    const status = error.response === undefined ? null : error.response.status
    return { threw: error.constructor.name, status, said: String(error.message) }
  }
}

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    console.log(JSON.stringify(await answer(JSON.parse(line))))
  }
}

main()
